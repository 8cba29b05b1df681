"""The page that lists a course's dates and moves them together, and the command that does so in a folder."""

from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from authoring.folder import read_files
from authoring.services import read_folder
from course.models import Course
from quizzes.models import Assessment, Question
from quizzes.services import check_response
from records.models import AuditEntry
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import load_text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/courses/nasty/dates/"
DATES = b"\ntimezone: Europe/Berlin\nopens: 2027-03-01 08:00\ncloses: 2027-07-31 23:59\n"


def dated_files():
    files = dict(nasty_files())
    files["course.yaml"] = files["course.yaml"].rstrip() + DATES
    files["exam/exam.yaml"] = files["exam/exam.yaml"].rstrip() + b"\ndue: 2027-07-01 20:00\n"
    return files


def load(files):
    load_text(read_folder(files), folder="nasty")
    return Course.objects.get(slug="nasty")


@pytest.fixture
def course():
    return load(dated_files())


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def seen_on(page):
    return page.content.decode().partition('name="seen" value="')[2].partition('"')[0]


def test_the_page_leads_to_where_one_date_is_set(teacher, course):
    page = teacher.get(PAGE).content.decode()
    assert 'href="/admin/courses/nasty/exams/"' in page
    assert 'href="/admin/courses/nasty/texts/edit/course.yaml"' in page


def test_the_page_previews_a_shift_and_then_makes_exactly_this_one(teacher, course):
    assert 'name="seen"' not in teacher.get(PAGE).content.decode()
    page = teacher.get(f"{PAGE}?days=14")
    shown = page.content.decode()
    assert ("2027-03-15 08:00" in shown, "2027-07-15 20:00" in shown, "Move" in shown) == (True, True, True)
    course.refresh_from_db()
    assert course.opens_at == datetime(2027, 3, 1, 7, tzinfo=UTC)
    teacher.post(PAGE, {"days": "14", "seen": seen_on(page)})
    course.refresh_from_db()
    assert (course.opens_at, course.closes_at) == (
        datetime(2027, 3, 15, 7, tzinfo=UTC),
        datetime(2027, 8, 14, 21, 59, tzinfo=UTC),
    )
    assert Assessment.objects.get(kind="exam").due_at == datetime(2027, 7, 15, 18, tzinfo=UTC)
    entry = AuditEntry.objects.get(action="shift_dates")
    assert entry.details == {"days": 14, "files": ["course.yaml", "exam/exam.yaml"]}


def test_a_shift_keeps_the_time_of_day_when_clocks_change(teacher, course):
    teacher.post(PAGE, {"days": "35", "seen": seen_on(teacher.get(f"{PAGE}?days=35"))})
    course.refresh_from_db()
    assert course.opens_at == datetime(2027, 4, 5, 6, tzinfo=UTC), "08:00 in Berlin is 06:00 UTC in summer"


def test_a_second_press_moves_nothing_again(teacher, course):
    seen = seen_on(teacher.get(f"{PAGE}?days=7"))
    for _ in range(2):
        answer = teacher.post(PAGE, {"days": "7", "seen": seen}, follow=True)
    assert "Nothing was moved. Look at the new preview." in answer.content.decode()
    course.refresh_from_db()
    assert course.opens_at == datetime(2027, 3, 8, 7, tzinfo=UTC)


def test_a_shift_onto_a_time_that_clocks_skip_is_refused_whole(client):
    files = dated_files()
    files["course.yaml"] = files["course.yaml"].replace(b"2027-03-01 08:00", b"2027-03-01 02:30")
    course = load(files)
    client.force_login(instructor_of(course))
    days = {"days": "27", "seen": seen_on(client.get(f"{PAGE}?days=27"))}
    answer = client.post(PAGE, days, follow=True).content.decode()
    assert ("clocks in Europe/Berlin skip" in answer, "Nothing was moved." in answer) == (True, True)
    course.refresh_from_db()
    assert course.opens_at == datetime(2027, 3, 1, 1, 30, tzinfo=UTC)


def test_a_number_that_is_too_large_is_refused_and_a_course_without_dates_says_so(teacher, client):
    assert teacher.get(f"{PAGE}?days=99999").status_code == 400
    load(nasty_files())
    assert "This course has no dates" in client.get(PAGE).content.decode()


def test_the_command_moves_the_dates_of_a_folder(tmp_path):
    for name, content in dated_files().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    out = StringIO()
    call_command("course", "shift", str(tmp_path), "--days", "14", "--dry-run", stdout=out)
    assert "opens 2027-03-01 08:00 → 2027-03-15 08:00" in out.getvalue()
    assert read_files(tmp_path) == dated_files()
    call_command("course", "shift", str(tmp_path), "--days", "14", stdout=out)
    assert f"Moved 3 dates in {tmp_path}." in out.getvalue()
    assert b"opens: 2027-03-15 08:00" in read_files(tmp_path)["course.yaml"]
    with pytest.raises(CommandError, match="at most 3660 days"):
        call_command("course", "shift", str(tmp_path), "--days", "4000", stdout=out)


def test_a_shift_that_moves_grades_by_the_late_policy_shows_whose_and_asks(client):
    files = dict(nasty_files())
    files["course.yaml"] = files["course.yaml"].rstrip() + b"\ndue: 2026-11-01 08:00\nlate: {percent_per_day: 2}\n"
    course = load(files)
    client.force_login(instructor_of(course))
    learner = make.enroll(course=course)
    question = Question.objects.filter(
        assessment__course=course, assessment__kind="review", current__type="true_false"
    ).first()
    check_response(learner=learner, question_id=question.pk, response=make.right(question), number=1, now=make.NOW)
    form = {"days": "60", "seen": seen_on(client.get(f"{PAGE}?days=60"))}
    asked = client.post(PAGE, form)
    (moved,) = asked.context["movements"]
    assert (asked.status_code, moved.username) == (409, learner.username)
    assert Decimal(moved.before) < Decimal(moved.after)
    course.refresh_from_db()
    assert course.due_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert client.post(PAGE, {**form, "accepted": asked.context["accepted"]}).status_code == 302
    course.refresh_from_db()
    assert course.due_at == datetime(2026, 12, 31, 8, tzinfo=UTC)
    assert AuditEntry.objects.get(action="shift_dates").details["moved_grades"] == 1
