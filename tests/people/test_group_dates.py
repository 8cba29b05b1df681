"""Dates of a group: what its learners may do and others may not, and what follows a learner into a group (D39)."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from course.rules.schedule import Dates
from foundation.refusals import Refusal
from grading.selectors.grades import course_grade
from operations.services import verify_grades
from people.models import GroupDates, LearnerGroup, VaryingDates
from people.rules.roster import read_roster
from people.selectors import dates_for
from people.services import apply_roster, group_previews, membership, plan_roster, set_groups
from portal.allowances.services import extend_activity, set_group_dates
from portal.pages.selectors import dates_in
from portal.rights.services import erase_account
from quizzes import services
from quizzes.selectors import paper_of
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
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
    answer = {"question_id": question.pk, "response": make.right(question), "number": 1}
    return services.check_response(learner=learner, now=now, **answer)


def test_an_earlier_closing_holds_for_the_group_only(course, teacher, learner):
    review = make.make_review(course=course, kinds=["numeric", "numeric"], closes_at=CLOSES)
    other = make.enroll(course=course)
    first, second = review.questions.order_by("position")
    give(course, teacher, review, closes_at=NOW + DAY)
    check(learner, first)
    assert code_of(lambda: check(learner, second, NOW + DAY)) == "assessment_closed"
    check(other, second, NOW + DAY)
    assert paper_of(assessment=review, learner_id=learner.pk, now=NOW + DAY).accepts_answers is False
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


def test_a_groups_dates_that_contradict_those_of_a_learner_or_another_group_name_both(course, teacher, learner):
    review = make.make_review(course=course, kinds=["numeric"], closes_at=CLOSES)
    extend_activity(
        course=course,
        learner_id=learner.pk,
        activity=review.pk,
        opens_at=NOW + DAY,
        due_at=None,
        closes_at=None,
        is_exact=True,
        reason="ill",
        author=teacher,
        now=NOW,
    )
    with pytest.raises(Refusal, match="the group A") as refused:
        give(course, teacher, review, closes_at=NOW + HOUR)
    assert (refused.value.code, refused.value.facts["first_source"]) == ("dates_contradict", learner.name)
    assert GroupDates.objects.count() == 0
    give(course, teacher, review, closes_at=CLOSES - HOUR)
    set_groups(course=course, learner_id=make.enroll(course=course).pk, names=["A", "B"], author=teacher, now=NOW)
    with pytest.raises(Refusal, match=r"the group B.*the group A"):
        give(course, teacher, review, group="B", opens_at=CLOSES - HOUR / 2)


def test_a_learners_own_dates_may_not_contradict_the_groups(course, teacher, learner):
    review = make.make_review(course=course, kinds=["numeric"], closes_at=CLOSES)
    give(course, teacher, review, opens_at=NOW + DAY)
    own = {"course": course, "learner_id": learner.pk, "activity": review.pk, "due_at": None}
    order = {**own, "reason": "ill", "author": teacher, "now": NOW}
    assert code_of(lambda: extend_activity(closes_at=NOW + HOUR, is_exact=True, **order)) == "dates_contradict"
    extend_activity(closes_at=NOW + 2 * DAY - HOUR, is_exact=True, **order)
    assert dates_for(review.dates, activity=review.pk, learner_id=learner.pk, course_id=course.pk) == Dates(
        NOW + DAY, None, NOW + 2 * DAY - HOUR
    )


def test_a_later_date_of_a_learner_is_later_than_their_groups(course, teacher, learner):
    review = make.make_review(course=course, kinds=["numeric"], closes_at=CLOSES)
    give(course, teacher, review, closes_at=NOW + DAY)
    own = {"course": course, "learner_id": learner.pk, "activity": review.pk, "due_at": None}
    order = {**own, "reason": "ill", "author": teacher, "now": NOW}
    assert code_of(lambda: extend_activity(closes_at=NOW + DAY, **order)) == "date_not_later"
    extend_activity(closes_at=NOW + DAY + HOUR, **order)  # before everyone's closing, but after the group's
    (question,) = review.questions.all()
    check(learner, question, NOW + DAY)


def test_a_groups_dates_stay_inside_the_course_also_after_its_dates_changed(teacher):
    course = make.make_course(opens_at=NOW - DAY, closes_at=CLOSES)
    review = make.make_review(course=course, kinds=["numeric"])
    person = make.enroll(course=course)
    set_groups(course=course, learner_id=person.pk, names=["A"], author=teacher, now=NOW)
    assert code_of(lambda: give(course, teacher, review, closes_at=CLOSES + DAY)) == "dates_contradict"
    assert code_of(lambda: give(course, teacher, review, opens_at=NOW - 2 * DAY)) == "dates_contradict"
    give(course, teacher, review, closes_at=CLOSES)
    type(course).objects.filter(pk=course.pk).update(closes_at=NOW + DAY)
    (question,) = review.questions.all()
    assert code_of(lambda: check(person, question, NOW + DAY)) == "course_closed"


def test_a_running_exam_accepts_answers_after_the_groups_new_closing(course, teacher, learner):
    exam = make.make_exam(course=course, closes_at=CLOSES, time_limit=4 * HOUR)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    give(course, teacher, exam, closes_at=NOW + HOUR)
    other = make.enroll(course=course)
    set_groups(course=course, learner_id=other.pk, names=["A"], author=teacher, now=NOW)
    check(learner, sitting.questions.first().question, NOW + 3 * HOUR)
    refused = code_of(lambda: services.start_sitting(learner=other, assessment=exam, now=NOW + 3 * HOUR))
    assert refused == "assessment_closed"


@pytest.mark.parametrize("is_erased", [False, True])
def test_late_answers_count_by_the_groups_due_date_also_after_an_erasure(course, teacher, learner, is_erased):
    review = make.make_review(course=course, kinds=["numeric"])
    make.make_late(review, due_at=NOW - DAY, percent_per_day=20)
    other = make.enroll(course=course)
    (question,) = review.questions.all()
    for person in (learner, other):
        check(person, question, NOW)
    late = course_grade(learner.pk, course.pk).exact
    give(course, teacher, review, due_at=NOW + DAY)
    in_time = course_grade(learner.pk, course.pk).exact
    assert (in_time > late, course_grade(other.pk, course.pk).exact) == (True, late)
    if is_erased:
        erase_account(user_id=learner.pk, actor=None, reason="asked", now=NOW)
        assert not learner.enrollments.get().groups.exists()
    assert list(verify_grades(now=NOW)) == []
    assert course_grade(learner.pk, course.pk).exact == in_time
    if not is_erased:
        set_groups(course=course, learner_id=learner.pk, names=[], author=teacher, now=NOW)
        assert course_grade(learner.pk, course.pk).exact == late
        assert list(verify_grades(now=NOW)) == []


def test_a_class_list_moves_only_those_whose_groups_it_changes(course, teacher, learner, monkeypatch):
    review = make.make_review(course=course, kinds=["numeric"], closes_at=CLOSES)
    give(course, teacher, review, closes_at=CLOSES + DAY)
    joins = make.enroll(course=course, user=make.make_user(username="joins"))
    for person in (joins, learner):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    rows = read_roster(f"email,group\n{joins.email},A\n{learner.email},A\n").rows
    plan = plan_roster(course=course, rows=rows)
    followed = []
    monkeypatch.setattr(group_previews, "_previewers", [])  # a preview follows too, and is undone
    monkeypatch.setattr(membership, "_followers", [lambda course_id, people, now: followed.extend(people)])
    apply_roster(course=course, rows=rows, expected=plan.digest, author=teacher, now=NOW)
    assert followed == [joins.pk]


def test_a_group_with_dates_stays_without_learners(course, teacher, learner):
    review = make.make_review(course=course, kinds=["numeric"], closes_at=CLOSES)
    give(course, teacher, review, closes_at=CLOSES + DAY)
    set_groups(course=course, learner_id=learner.pk, names=[], author=teacher, now=NOW)
    assert LearnerGroup.objects.filter(name="A").exists()
