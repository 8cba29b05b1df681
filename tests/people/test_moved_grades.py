"""A class list that moves learners into groups with other due dates first says whose grades would move (D39)."""

from datetime import timedelta

import pytest
import time_machine

from course.refusals import Refusal
from course.rules.schedule import Dates
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from people.models import LearnerGroup
from people.rules.roster import read_roster
from people.selectors import changes_of_group_dates
from people.services import apply_roster, plan_roster, set_groups
from portal.allowances.services import plan_group_dates, set_group_dates, undo_group_dates
from quizzes import services
from records.models import AuditEntry
from tests import factories as make
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW + 3 * DAY, tick=False):
        yield


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def review(course):
    """Review questions that are due in two days for everyone, and in a day for Monday. Late answers count 50 % less."""
    review = make.make_review(course=course, kinds=["numeric"])
    make.make_late(review, due_at=NOW + 2 * DAY, percent_per_day=50)
    return review


@pytest.fixture
def author(course, review):
    author = instructor_of(course)
    other = make.enroll(course=course)
    set_groups(course=course, learner_id=other.pk, names=["Monday"], author=author, now=NOW)
    given = {review.pk: Dates(due_at=NOW + DAY)}
    set_group_dates(course=course, group="Monday", dates=given, author=author, now=NOW)
    return author


@pytest.fixture
def learner(course, review):
    return answered(course, review)


def answered(course, review):
    """Return a learner who answered before everyone's due date and after Monday's."""
    learner = make.enroll(course=course, user=make.make_user(username="ada"))
    question = review.questions.get()
    at = NOW + DAY + timedelta(hours=1)
    services.check_response(learner=learner, question_id=question.pk, response=make.right(question), number=1, now=at)
    return learner


def rows(*lines):
    roster = read_roster("username,group\n" + "\n".join(lines))
    assert roster.mistakes == ()
    return roster.rows


def plan_of(course, *lines):
    return plan_roster(course=course, rows=rows(*lines), now=NOW + 3 * DAY)


def test_the_plan_names_the_learner_with_the_grade_before_and_after_and_writes_nothing(course, author, learner):
    before = course_grade(learner.pk, course.pk).percent
    ((member, moved),) = plan_of(course, "ada,Monday").named_grades
    assert (member, moved.before, moved.after) == (learner, before, "25.0")
    assert course_grade(learner.pk, course.pk).percent == before == "50.0"
    assert list(learner.enrollments.get().groups.all()) == []


def test_the_list_moves_exactly_what_its_plan_said(course, author, learner):
    plan = plan_of(course, "ada,Monday")
    apply_roster(course=course, rows=rows("ada,Monday"), expected=plan.digest, author=author, now=NOW + 3 * DAY)
    assert course_grade(learner.pk, course.pk).percent == plan.moved_grades[0].after


def test_a_plan_whose_grades_are_others_by_now_is_refused(course, author, learner, review):
    plan = plan_of(course, "ada,Monday")
    given = {review.pk: Dates(due_at=NOW)}
    set_group_dates(course=course, group="Monday", dates=given, author=author, now=NOW + 3 * DAY)
    with pytest.raises(Refusal) as refused:
        apply_roster(course=course, rows=rows("ada,Monday"), expected=plan.digest, author=author, now=NOW + 3 * DAY)
    assert refused.value.code == "roster_stale"
    assert list(learner.enrollments.get().groups.all()) == []


def test_a_certificate_that_would_be_revoked_is_named(course, author, review):
    course.pass_percent = 50
    course.save()
    learner = answered(course, review)
    assert certificate_of(learner.pk, course.pk).is_valid
    (moved,) = plan_of(course, "ada,Monday").moved_grades
    assert (moved.certificate, moved.crosses, moved.has_passed) == ("revoked", True, False)
    assert certificate_of(learner.pk, course.pk).is_valid


def test_an_earlier_date_of_a_group_revokes_the_certificate_and_its_undo_gives_it_back(course, author, review):
    course.pass_percent = 50
    course.save()
    learner = answered(course, review)
    group = {"course": course, "author": author, "now": NOW + 3 * DAY}
    set_groups(learner_id=learner.pk, names=["Friday"], **group)
    given = {review.pk: Dates(due_at=NOW + DAY)}
    plan = plan_group_dates(lambda: set_group_dates(group="Friday", dates=given, **group))
    assert [shift.certificate for shift in plan.shifts] == ["revoked"]
    set_group_dates(group="Friday", dates=given, **group)
    assert not certificate_of(learner.pk, course.pk).is_valid
    (change,) = [made for made in changes_of_group_dates(course.pk) if made.group == "Friday"]
    undo_group_dates(change=change.id, **group | {"now": NOW + 4 * DAY})
    assert certificate_of(learner.pk, course.pk).is_valid


def test_a_list_that_moves_no_grade_says_nothing(course, author, learner):
    assert plan_of(course, "ada,Friday").moved_grades == ()
    assert not LearnerGroup.objects.filter(name="Friday").exists()


def test_a_course_without_dates_of_groups_takes_no_more_than_one_query_more():
    course = make.make_course()
    make.enroll(course=course, user=make.make_user(username="ada"))
    with counted_statements() as plain:
        plan_roster(course=course, rows=rows("ada,Monday"))
    with counted_statements() as asked:
        assert plan_of(course, "ada,Monday").moved_grades == ()
    assert len(asked) - len(plain) == 1


def test_the_page_shows_the_grades_before_the_list_is_applied(client, course, author, learner):
    client.force_login(author)
    address = f"/admin/courses/{course.slug}/class/list/"
    page = client.post(address, {"text": "username,group\nada,Monday", "invites": "no"})
    text = page.content.decode()
    assert ("Grades that would change" in text, ">25.0<" in text, ">50.0<" in text) == (True, True, True)
    sent = {"text": "username,group\nada,Monday", "invites": "no", "expected": page.context["plan"].digest}
    assert client.post(address, sent).status_code == 200
    assert course_grade(learner.pk, course.pk).percent == "25.0"
    assert AuditEntry.objects.filter(action="import_roster").count() == 1


def test_the_api_names_the_grades_in_its_dry_run(client, course, author, learner):
    client.force_login(author)
    people = [{"username": "ada", "groups": ["Monday"]}]
    body = client.post(
        f"/api/v1/courses/{course.slug}/class-list/",
        {"people": people, "dry_run": True},
        content_type="application/json",
    ).json()
    assert body["moved_grades"] == [
        {"username": "ada", "before": "50.0", "after": "25.0", "has_passed": False, "certificate": None}
    ]
