"""The times of an exam are picked or typed in the zone of the course. What is written otherwise stays as it is."""

import pytest

from authoring.forms.policy import DatesSettingsForm
from authoring.services import editable_texts
from tests.authoring.workplace.test_policy import course, fields_of, send, settings_of, teacher

__all__ = ["course", "teacher"]  # fixtures
pytestmark = pytest.mark.django_db


def text_of(course):
    return editable_texts(course_id=course.pk)["exam/exam.yaml"]


@pytest.mark.parametrize("typed", ["2027-03-01T08:00", "2027-03-01 08:00"], ids=["picked", "typed"])
def test_a_time_is_written_as_the_format_of_courses_says(teacher, course, typed):
    address = settings_of(key="final-exam")
    assert send(teacher, "publish", address, closes=typed).status_code == 302
    assert "closes: 2027-03-01 08:00" in text_of(course)
    page = teacher.get(address)
    assert fields_of(page)["closes"] == "2027-03-01T08:00"
    assert 'type="datetime-local" name="closes" value="2027-03-01T08:00"' in page.content.decode()


def test_a_time_that_nobody_changes_stays_as_it_is_written(teacher, course):
    address = settings_of(key="final-exam")
    send(teacher, "publish", address, closes="2027-03-01T08:00")
    before = text_of(course)
    assert send(teacher, "publish", address).status_code == 302
    assert text_of(course) == before


def test_what_is_no_time_is_shown_where_it_can_be_read_and_corrected(teacher, course):
    page = send(teacher, "preview", settings_of(key="final-exam"), closes="next week")
    assert page.status_code == 400
    assert 'type="text" name="closes" value="next week"' in page.content.decode()
    form = DatesSettingsForm(None, keys=(), value={"due": "next week", "opens": "2027-03-01 08:00"})
    assert (form.fields["due"].widget.input_type, form.fields["opens"].widget.input_type) == ("text", "datetime-local")
    assert DatesSettingsForm(None, keys=(), value={}).fields["due"].widget.input_type == "datetime-local"
