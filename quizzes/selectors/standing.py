"""The facts behind a score, in a number of statements that no course makes grow."""

from datetime import datetime

from django.db.models import Q

from grading.selectors import certificate_of
from quizzes.models import Assessment, Question, Sitting, SittingQuestion
from quizzes.rules.scoring import Asked
from quizzes.rules.timing import SETTLEMENT


def asked_in(sitting: Sitting) -> tuple[list[Asked], frozenset[str] | None]:
    """What may count in a sitting, and the certificate's basis for it (None without one)."""
    basis = basis_for(sitting)
    if sitting.assessment.kind == Assessment.Kind.EXAM:
        rows = SittingQuestion.objects.filter(sitting=sitting).values_list(
            "question_id", "points", "version__attempts_limit"
        )
        return [Asked(pk, points, limit) for pk, points, limit in rows], None
    return review_questions(sitting.assessment_id, sitting.pk), basis


def basis_for(sitting: Sitting) -> frozenset[str] | None:
    if sitting.assessment.kind == Assessment.Kind.EXAM:
        return None
    state = certificate_of(sitting.learner_id, sitting.assessment.course_id)
    if state is None:
        return None
    counted = state.certificate.basis["items"].get(sitting.assessment_id, {})
    return frozenset(counted.get("questions", ()))


def review_questions(assessment_id: str, sitting_id: str | None) -> list[Asked]:
    """A review's questions with the points and limit of the pinned version, else of the newest: one statement."""
    mine = Q(sitting_id=sitting_id)
    pinned = {
        pk: (points, limit)
        for pk, points, limit in SittingQuestion.objects.filter(mine, version__isnull=False).values_list(
            "question_id", "version__points", "version__attempts_limit"
        )
    }
    rows = Question.objects.filter(assessment_id=assessment_id, current__isnull=False).values_list(
        "pk", "current__points", "current__attempts_limit", "is_retired"
    )
    return [Asked(pk, *pinned.get(pk, (points, limit)), is_retired) for pk, points, limit, is_retired in rows]


def has_open_sitting(learner_id: int, course_id: int, now: datetime) -> bool:
    """Is an exam of the learner running in this course (D19)?"""
    return Sitting.objects.filter(
        learner_id=learner_id,
        assessment__course_id=course_id,
        is_void=False,
        submitted_at=None,
        deadline_at__gt=now - SETTLEMENT,
    ).exists()


def counted_questions(learner_id: int, course_id: int) -> dict[str, list[str]]:
    """Per review, the questions that count today: what a certificate issued now keeps as its basis."""
    counted: dict[str, list[str]] = {}
    kept = Q(is_retired=False) | Q(attempts__sitting__learner_id=learner_id, attempts__is_correct=True)
    rows = Question.objects.filter(
        kept, assessment__course_id=course_id, assessment__kind=Assessment.Kind.REVIEW, current__isnull=False
    )
    for assessment_id, question_id in rows.values_list("assessment_id", "pk").distinct():
        counted.setdefault(assessment_id, []).append(question_id)
    return counted
