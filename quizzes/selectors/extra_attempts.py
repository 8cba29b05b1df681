"""The extra attempts that instructors gave to learners (D35)."""

from collections.abc import Collection

from django.db.models import QuerySet

from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import within_sight
from quizzes.models import ExtraAttempts, ExtraAttemptsNote


def extra_attempts_of(learner_id: int, assessment_id: str) -> int:
    """Return how many extra attempts a learner has at each question of an assessment. Runs one query."""
    return extra_attempts_in(assessment_id, [learner_id]).get(learner_id, 0)


def extra_attempts_in(assessment_id: str, learner_ids: Collection[int]) -> dict[int, int]:
    """Return the extra attempts in force by learner. Learners who never got any are missing. Runs one query."""
    rows = ExtraAttempts.objects.filter(assessment=assessment_id, learner__in=learner_ids).order_by("pk")
    return dict(rows.values_list("learner_id", "extra"))


def extra_attempts_given(
    course_id: int, learner_id: int | None = None, *, sight: LearnerSight = EVERYONE
) -> QuerySet[ExtraAttempts]:
    """Return the records of extra attempts of the learners in sight in a course, or of one learner there, newest first, without notes."""
    rows = within_sight(ExtraAttempts.objects.filter(assessment__course=course_id), sight)
    if learner_id is not None:
        rows = rows.filter(learner=learner_id)
    return rows.select_related("author", "learner", "assessment__module").order_by("-pk")


def extra_attempts_notes(record_ids: Collection[int], written_by: int | None) -> dict[int, str]:
    """Return the private notes that still exist, by record: those of one author, or with None all.

    Only the page that manages them may use this.
    """
    rows = ExtraAttemptsNote.objects.filter(given__in=record_ids)
    if written_by is not None:
        rows = rows.filter(given__author=written_by)
    return dict(rows.values_list("given_id", "text"))
