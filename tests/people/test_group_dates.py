"""Dates of a group: what its learners may do and others may not, and what follows a learner into a group (D39)."""

from datetime import timedelta

import pytest

from course.rules.schedule import Dates
from foundation.refusals import Refusal
from people.models import GroupDates, LearnerGroup, VaryingDates
from people.services import set_groups
from portal.allowances.services import set_group_dates
from portal.operations.services import verify_grades
from portal.pages.selectors import dates_in
from quizzes import services
from quizzes.selectors import paper_of
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
DAY = timedelta(days=1)
CLOSES = NOW + 2 * DAY


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


@pytest.fixture
def learner(course, teacher):
    person = make.enroll(course=course)
    set_groups(course=course, learner_id=person.pk, names=["A"], author=teacher, now=NOW)
    return person


def give(course, teacher, activity, group="A", **dates):
    set_group_dates(course=course, group=group, dates={activity.pk: Dates(**dates)}, author=teacher, now=NOW)


def code_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def check(learner, question, now=NOW):
    said = {"question_id": question.pk, "response": make.right(question), "number": 1}
    return services.submit_attempt(learner=learner, now=now, **said)


def test_an_earlier_closing_holds_for_the_group_only(course, teacher, learner):
    review = make.make_review(course=course, kinds=["numeric", "numeric"], closes_at=CLOSES)
    other = make.enroll(course=course)
    first, second = review.questions.order_by("position")
    give(course, teacher, review, closes_at=NOW + DAY)
    check(learner, first)
    assert code_of(lambda: check(learner, second, NOW + DAY)) == "assessment_closed"
    check(other, second, NOW + DAY)
    assert paper_of(assessment=review, learner_id=learner.pk, now=NOW + DAY).is_open is False
    assert list(verify_grades(now=NOW)) == []


def test_an_undated_activity_opens_and_closes_for_the_group(course, teacher, learner):
    review = make.make_review(course=course, kinds=["numeric"])
    give(course, teacher, review, opens_at=NOW + DAY, closes_at=CLOSES)
    (question,) = review.questions.all()
    assert code_of(lambda: check(learner, question)) == "assessment_not_open"
    check(learner, question, NOW + DAY)
    assert {dated.what: dated.at for dated in dates_in(course.pk, learner.pk)} == {"closes": CLOSES}
    assert list(dates_in(course.pk, make.enroll(course=course).pk)) == []


def test_a_running_exam_keeps_its_end_and_one_without_a_limit_follows_a_later_closing(course, teacher, learner):
    timed = make.make_exam(course=course, closes_at=CLOSES)
    untimed = make.make_exam(course=course, time_limit=None, closes_at=CLOSES)
    running = [services.start_sitting(learner=learner, assessment=exam, now=NOW)[0] for exam in (timed, untimed)]
    ends = [sitting.deadline_at for sitting in running]
    for closes_at, expected in ((NOW + DAY, ends), (CLOSES + DAY, [ends[0], CLOSES + DAY])):
        for exam, sitting, end in zip((timed, untimed), running, expected, strict=True):
            give(course, teacher, exam, closes_at=closes_at)
            sitting.refresh_from_db()
            assert sitting.deadline_at == end


def test_a_learner_who_joins_a_group_gets_its_dates(course, teacher, learner):
    exam = make.make_exam(course=course, time_limit=None, closes_at=CLOSES)
    give(course, teacher, exam, closes_at=CLOSES + DAY)
    late = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=late, assessment=exam, now=NOW)
    set_groups(course=course, learner_id=late.pk, names=["A"], author=teacher, now=NOW)
    sitting.refresh_from_db()
    assert sitting.deadline_at == CLOSES + DAY


def test_contradicting_dates_and_unknown_groups_are_refused_and_nothing_is_written(course, teacher, learner):
    review = make.make_review(course=course, kinds=["numeric"], closes_at=CLOSES)
    assert code_of(lambda: give(course, teacher, review, opens_at=CLOSES)) == "dates_contradict"
    assert code_of(lambda: give(course, teacher, review, group="B", closes_at=CLOSES)) == "not_found"
    assert GroupDates.objects.count() == VaryingDates.objects.count() == 0


def test_a_group_with_dates_stays_without_learners(course, teacher, learner):
    review = make.make_review(course=course, kinds=["numeric"], closes_at=CLOSES)
    give(course, teacher, review, closes_at=CLOSES + DAY)
    set_groups(course=course, learner_id=learner.pk, names=[], author=teacher, now=NOW)
    assert LearnerGroup.objects.filter(name="A").exists()
