"""The columns of a course over the API (D41): read, added, changed and removed in its text, after a preview."""

import pytest

from course.models import Course
from grading.models import OwnColumn
from records.models import AuditEntry
from tests import factories as make
from tests.grading.columns import give, load_with_columns, oral
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
COLUMNS = "/api/v1/courses/nasty/policy/columns/"
PROJECT = {"id": "project", "title": "Project", "maximum": "12.5", "category": "exam"}


@pytest.fixture
def course():
    return load_with_columns()


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def send(client, address, **body):
    version = client.get(COLUMNS).json()["version"]
    return client.post(address, {"version": version, **body}, content_type="application/json")


def source():
    return Course.objects.get(slug="nasty").source


def titles():
    rows = OwnColumn.objects.filter(is_retired=False).order_by("position")
    return [(row.key, row.title, row.maximum) for row in rows]


def test_courses_policy_columns_are_what_the_text_declares(teacher):
    (column,) = teacher.get(COLUMNS).json()["columns"]
    assert column == {
        "id": "oral",
        "title": "Oral exam",
        "maximum": "10",
        "category": "exam",
        "due": "2026-12-24 12:00",
        "extra_credit": None,
    }


def test_courses_policy_columns_get_another_one_after_a_preview_of_whose_grade_moves(teacher, course):
    learner = make.enroll(course=course)
    give(course, learner, "10")
    before = source()
    preview = send(teacher, COLUMNS, column=PROJECT, dry_run=True).json()
    assert ([moved["username"] for moved in preview["movements"]], source()) == ([learner.username], before)
    refused = send(teacher, COLUMNS, column=PROJECT)
    assert (refused.status_code, refused.json()["code"]) == (409, "preview_stale")
    done = send(teacher, COLUMNS, column=PROJECT, expected=preview["expected"], reason="As agreed.").json()
    assert done["is_written"]
    assert titles() == [("oral", "Oral exam", 10), ("project", "Project", 12.5)]
    assert source().startswith(before.rstrip("\n"))
    assert AuditEntry.objects.get(action="edit_text").reason == "As agreed."


def test_courses_policy_columns_begin_with_the_first_one_of_a_course_without_any(client):
    load_with_columns("")
    client.force_login(instructor_of(Course.objects.get(slug="nasty")))
    assert client.get(COLUMNS).json()["columns"] == []
    assert send(client, COLUMNS, column=PROJECT).status_code == 200
    assert titles() == [("project", "Project", 12.5)]


def test_courses_policy_columns_change_what_is_named_and_keep_the_rest(teacher):
    before = source()
    done = send(teacher, f"{COLUMNS}oral/", changes={"title": "Viva", "due": None})
    assert done.status_code == 200
    assert titles() == [("oral", "Viva", 10)]
    assert oral().due_at is None
    assert source() == before.replace("Oral exam", "Viva").replace(", due: 2026-12-24 12:00", "")


def test_courses_policy_columns_removal_keeps_the_points(teacher, course):
    learner = make.enroll(course=course)
    give(course, learner, "7")
    preview = send(teacher, f"{COLUMNS}oral/removal/", dry_run=True).json()
    done = send(teacher, f"{COLUMNS}oral/removal/", expected=preview["expected"])
    assert (done.status_code, titles(), "columns" in source()) == (200, [], False)
    assert oral().is_retired
    assert send(teacher, COLUMNS, column={**PROJECT, "id": "oral"}, dry_run=True).json()["movements"]


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ({**PROJECT, "category": "none"}, "column.category"),
        ({**PROJECT, "maximum": "0"}, "column.maximum"),
        ({**PROJECT, "due": "tomorrow"}, "column.due"),
        ({**PROJECT, "id": "oral"}, "column"),
    ],
)
def test_courses_policy_columns_name_the_field_that_is_wrong(teacher, column, field):
    before = source()
    refused = send(teacher, COLUMNS, column=column)
    assert (refused.status_code, source()) == (400, before)
    assert [mistake["field"] for mistake in refused.json()["errors"]] == [field]


def test_courses_policy_columns_changes_name_the_field_that_is_wrong(teacher):
    refused = send(teacher, f"{COLUMNS}oral/", changes={"category": "none"})
    assert [mistake["field"] for mistake in refused.json()["errors"]] == ["changes.category"]


def test_courses_policy_columns_refuse_a_column_that_the_course_does_not_have(teacher):
    for address, body in ((f"{COLUMNS}none/", {"changes": {}}), (f"{COLUMNS}none/removal/", {})):
        assert send(teacher, address, **body).status_code == 404


def test_courses_policy_columns_refuse_a_version_that_is_not_published_any_more(teacher):
    refused = send(teacher, COLUMNS, column=PROJECT, version="0" * 64)
    assert (refused.status_code, refused.json()["code"]) == (409, "settings_stale")


def test_courses_policy_columns_are_not_for_assistants(client, course):
    client.force_login(staff_in(course, "assistant"))
    assert client.get(COLUMNS).status_code == 403
