"""A score is recorded from data, and a certificate is never given without what must be known for it (D19)."""

from decimal import Decimal

import pytest

from accounts.models import User
from activities.kinds import Evidence
from grading.models import Certificate, GradeChange, GradeItem, Score
from grading.rules.causes import Cause
from grading.selectors.grades import course_grade
from grading.selectors.rows import ledger, ledgers
from grading.services import (
    ActivityResult,
    GradeAction,
    ScoreEntry,
    foresee_scores,
    record_score,
    record_scores,
)
from grading.templatetags.grades import CAUSE_WORDS
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
ATTEMPT = GradeAction(Cause.ATTEMPT, make.NOW)
KNOWN = Evidence(has_open_sitting=False, basis_questions={})


@pytest.fixture
def passed() -> ScoreEntry:
    """The score of an exam that makes its learner pass."""
    course = make.make_course()
    review, exam = make.make_review(course=course), make.make_exam(course=course)
    learner = make.enroll(course=course)
    for activity in (review.pk, exam.pk):
        before, possible = ledger(learner.pk, course.pk), GradeItem.objects.get(activity=activity).points_possible
        entry = ScoreEntry(
            learner.pk, course.pk, activity, ActivityResult(possible, possible, possible, (), "done"), before
        )
        if activity == review.pk:
            record_score(entry, ATTEMPT, None)
    return entry


def test_a_pass_needs_evidence_and_less_does_not(passed):
    assert passed.may_certify
    with pytest.raises(ValueError, match="whether a sitting is open"):
        record_score(passed, ATTEMPT, None)


def test_a_certificate_needs_the_questions_that_count(passed):
    with pytest.raises(ValueError, match="the questions that count"):
        record_score(passed, ATTEMPT, Evidence(has_open_sitting=False))


def test_an_open_sitting_keeps_the_certificate_back(passed):
    assert record_score(passed, ATTEMPT, Evidence(has_open_sitting=True)).is_certified is False
    assert Certificate.objects.count() == 0


def test_recording_costs_two_statements_and_two_for_the_certificate_and_its_notice(passed):
    with counted_statements() as statements:
        assert record_score(passed, ATTEMPT, KNOWN).is_certified is True
    assert len(statements) == 4


@pytest.mark.parametrize("record", [foresee_scores, record_scores])
def test_many_need_the_evidence_of_each_who_passes(passed, record):
    with pytest.raises(ValueError, match="whether a sitting is open"):
        record([passed], ATTEMPT, {})
    assert [found.certificate for found in record([passed], ATTEMPT, {passed.learner_id: KNOWN})] == ["issued"]


def test_the_same_score_again_moves_nobody_and_asks_for_nothing(passed):
    record_score(passed, ATTEMPT, KNOWN)
    again = ScoreEntry(
        passed.learner_id,
        passed.course_id,
        passed.activity,
        passed.result,
        ledgers(passed.course_id, [passed.learner_id])[passed.learner_id],
    )
    assert (again.is_new, again.may_certify) == (False, False)
    rows = GradeChange.objects.count()
    assert record_scores([again], ATTEMPT, {}) == []
    assert GradeChange.objects.count() == rows


def test_an_activity_without_an_item_changes_nothing(passed):
    entry = ScoreEntry(passed.learner_id, passed.course_id, "no item", passed.result, passed.before)
    assert record_score(entry, ATTEMPT, None) == course_grade(passed.learner_id, passed.course_id)
    assert (entry.is_new, entry.may_certify, Score.objects.count()) == (False, False, 1)


def test_the_history_keeps_what_moved_the_score_by_whom_and_why(passed):
    author = User.objects.get(pk=passed.learner_id)
    record_score(passed, GradeAction(Cause.OVERRIDE, make.NOW, author.pk, "a reason"), KNOWN)
    change = GradeChange.objects.order_by("pk").last()
    assert (change.cause, change.author, change.reason, change.points_earned) == (
        "override",
        author,
        "a reason",
        Decimal(2),
    )


def test_every_cause_has_words():
    assert set(CAUSE_WORDS) == set(Cause)
