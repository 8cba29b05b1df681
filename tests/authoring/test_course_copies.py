"""A copied course teaches and grades the same, at later dates, and has nothing of the people of the first."""

import io

import pytest
import time_machine
from django.core.management import CommandError, call_command

from authoring.services import copy_course, course_copies, export_course, plan_copy, read_folder
from course.models import Course, Lesson
from foundation.refusals import Refusal
from grading.models import GradeCategory, GradeItem, Score
from labs.models import Lab
from people.models import Enrollment, Invitation
from people.services import create_invitation
from quizzes.models import Question
from records.models import AuditEntry
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import load_text
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
DATED = b"opens: 2027-01-01 10:00\ndue: 2027-02-01 10:00\n"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def course():
    files = dict(nasty_files())
    files["course.yaml"] = DATED + files["course.yaml"]
    load_text(read_folder(files))
    return Course.objects.get(slug="nasty")


@pytest.fixture
def author(course):
    return instructor_of(course)


def copied(course, author, **fields):
    plan = plan_copy(course=course, **{"slug": "next", "title": "Nasty: “again”", "days": 364, **fields})
    return copy_course(plan=plan, source=course, author=author, now=make.NOW)


def taught(course):
    """Return what a course teaches and how it grades, without ids and addresses."""
    return {
        "lessons": list(
            Lesson.objects.filter(module__course=course).order_by("pk").values_list("key", "title", "source")
        ),
        "labs": sorted(Lab.objects.filter(course=course).values_list("key", "title")),
        "questions": sorted(
            (each.key, each.current.type, str(each.current.points), str(each.current.secret), each.taught_in)
            for each in Question.objects.filter(assessment__course=course).select_related("current")
        ),
        "weights": sorted(map(str, GradeCategory.objects.filter(course=course).values_list("key", "weight"))),
        "items": GradeItem.objects.filter(category__course=course).count(),
        "policy": (course.pass_percent, course.attempts, course.show),
    }


def test_a_copy_teaches_and_grades_the_same(course, author):
    copy = copied(course, author)
    assert (copy.slug, copy.title) == ("next", "Nasty: “again”")
    first, second = taught(course), taught(copy)
    assert {name: len(found) for name, found in first.items() if name in ("lessons", "questions")} != {}
    assert sorted(first.pop("lessons")) == sorted(second.pop("lessons"))
    assert first == second


def test_its_dates_move_and_those_of_the_first_course_stay(course, author):
    before = course.opens_at
    copy = copied(course, author)
    assert (copy.opens_at - before).days == 364
    assert Course.objects.get(pk=course.pk).opens_at == before


def test_it_is_hidden_has_one_instructor_and_none_of_the_people(course, author):
    make.enroll(course=course)
    create_invitation(course=course, author=author, now=make.NOW, note="all", expires_at=None, most_uses=None)
    copy = copied(course, author)
    assert copy.visibility == "hidden"
    assert [(row.user, row.role) for row in Enrollment.objects.filter(course=copy)] == [(author, "instructor")]
    assert not Invitation.objects.filter(course=copy).exists()
    assert not Score.objects.filter(item__category__course=copy).exists()
    assert set(AuditEntry.objects.filter(action="copy_course").values_list("course", flat=True)) == {course.pk, copy.pk}


def test_its_folder_is_the_first_ones_but_for_title_address_and_dates(course, author):
    copy = copied(course, author)
    first, second = export_course(course_id=course.pk), export_course(course_id=copy.pk)
    assert {path for path in first | second if first.get(path) != second.get(path)} == {"course.yaml"}


def test_an_address_that_is_taken_is_refused(course, author):
    with pytest.raises(Refusal) as refused:
        copied(course, author, slug="nasty")
    assert refused.value.code == "course_exists"


def test_a_copy_that_somebody_else_made_after_the_question_whether_there_is_one_stays_as_it_is(
    course, author, monkeypatch
):
    monkeypatch.setattr(course_copies, "course_id_of", lambda slug: None)
    copied(course, author)
    with pytest.raises(Refusal) as refused:
        copied(course, make.make_user(is_staff=True), title="Another title")
    assert refused.value.code == "course_exists"
    copy = Course.objects.get(slug="next")
    assert [(row.user, row.role) for row in Enrollment.objects.filter(course=copy)] == [(author, "instructor")]
    assert copy.title == "Nasty: “again”"


def test_the_workplace_previews_and_makes_the_copy(client, course, author):
    client.force_login(author)
    page, fields = "/admin/courses/nasty/copy/", {"slug": "next", "title": "Again", "days": "7"}
    shown = text(client.get(page, fields))
    assert ("2027-01-01 10:00" in shown, "2027-01-08 10:00" in shown) == (True, True)
    assert Course.objects.count() == 1
    assert client.post(page, fields)["Location"] == "/admin/courses/next/"
    assert client.get("/admin/courses/next/").status_code == 200
    assert client.post(page, fields).status_code == 400


def test_the_command_previews_and_makes_the_copy(course, author):
    out = io.StringIO()
    asked = ("course", "copy", "nasty", "next", "--title", "Again", "--shift", "7", "--instructor", author.username)
    call_command(*asked, "--dry-run", stdout=out)
    assert "opens 2027-01-01 10:00 → 2027-01-08 10:00" in out.getvalue()
    assert Course.objects.count() == 1
    call_command(*asked, stdout=out)
    assert Enrollment.objects.get(course__slug="next").user == author
    with pytest.raises(CommandError, match="There is a course"):
        call_command(*asked, stdout=out)


def test_the_command_names_nobody_as_the_instructor_who_cannot_sign_in(course):
    for username in ("nobody", make.make_user(is_active=False).username):
        with pytest.raises(CommandError, match="No account that can sign in has the username"):
            call_command("course", "copy", "nasty", "next", "--title", "Again", "--instructor", username)
    assert Course.objects.count() == 1
