"""Setting and removing a weekly goal, asking for its reminder, and stopping it."""

from datetime import UTC, datetime, timedelta

import pytest

from course.models import Course
from course.refusals import Refusal
from mail.selectors import mail_wanted
from mail.services import set_mail_wanted
from portal.goals.models import StudyGoal
from portal.goals.services import change_person, remove_study_goal, set_study_goal
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
FRIDAY_AT_17 = {"UTC": datetime(2026, 11, 27, 17, tzinfo=UTC), "Asia/Tokyo": datetime(2026, 11, 27, 8, tzinfo=UTC)}


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


def set_goal(learner, course, **facts):
    return set_study_goal(
        **{"user": learner, "course": course, "unit": "days", "amount": 3, "zone": "UTC", "now": NOW, **facts}
    )


def refused(act, *args, **facts):
    with pytest.raises(Refusal) as raised:
        act(*args, **facts)
    return raised.value.code


def test_a_goal_sends_nothing_until_the_learner_asks_and_a_new_goal_replaces_it(course, learner):
    assert set_goal(learner, course).reminds_at is None
    assert set_goal(learner, course, amount=5, reminder=(5, 17)).reminds_at == FRIDAY_AT_17["UTC"]
    assert StudyGoal.objects.get().amount == 5
    assert set_goal(learner, course).reminds_at is None


def test_who_stops_reminders_stops_those_of_all_courses_and_keeps_the_goals(course, learner):
    other = make.make_course()
    make.enroll(course=other, user=learner)
    for each in (course, other):
        set_goal(learner, each, reminder=(5, 17))
    set_mail_wanted(user=learner, wanted={"reminders": False})
    assert set(StudyGoal.objects.values_list("amount", "reminder_day", "reminds_at")) == {(3, None, None)}
    set_goal(learner, other, reminder=(5, 17))
    assert mail_wanted(learner)["reminders"]
    assert list(StudyGoal.objects.exclude(reminds_at=None).values_list("course", flat=True)) == [other.pk]


def test_another_time_zone_moves_the_reminder_and_the_browsers_moves_nothing(course, learner):
    set_goal(learner, course, reminder=(5, 17))
    for zone in ("", "Asia/Tokyo"):
        change_person(user=learner, name=learner.name, timezone=zone, now=NOW)
        goal = StudyGoal.objects.get()
        assert (goal.timezone, goal.reminds_at) == (zone or "UTC", FRIDAY_AT_17[zone or "UTC"])


@pytest.mark.parametrize(
    "facts", [{"amount": 8}, {"amount": 0}, {"unit": "hours"}, {"reminder": (0, 9)}, {"reminder": (5, 24)}]
)
def test_what_is_no_goal_of_a_week_is_refused(course, learner, facts):
    assert refused(set_goal, learner, course, **facts) == "goal_unfit"
    assert not StudyGoal.objects.exists()


def test_only_learners_of_a_course_that_goes_on_have_a_goal(course, learner):
    teacher = make.enroll(course=course, user=make.make_user(is_staff=True), role="instructor")
    assert refused(set_goal, teacher, course) == "preview_only"
    assert refused(set_goal, make.make_user(), course) == "not_enrolled"
    set_goal(learner, course)
    Course.objects.update(archived_at=NOW - timedelta(days=1))
    archived = Course.objects.get()
    assert refused(set_goal, learner, archived) == refused(remove_study_goal, user=learner, course=archived)


def test_a_removed_goal_is_gone_and_removing_it_again_is_harmless(course, learner):
    set_goal(learner, course, reminder=(5, 17))
    for _ in range(2):
        remove_study_goal(user=learner, course=course)
    assert not StudyGoal.objects.exists()
