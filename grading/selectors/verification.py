"""What the gradebook holds, for a comparison with what the records make."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from grading.models import Certificate, GradeChange, Override, Score
from grading.selectors.certificates import state_of


@dataclass(frozen=True)
class StoredScore:
    """A cell, and the last step of its history."""

    earned: Decimal
    possible: Decimal
    answered: Decimal
    winnable: tuple[Decimal, ...]
    state: str
    last_earned: Decimal | None
    last_possible: Decimal | None


def stored_scores(course_id: int | None = None) -> dict[tuple[str, int], StoredScore]:
    """Every cell by (activity, learner id): one statement."""
    last = GradeChange.objects.filter(item=OuterRef("item"), learner=OuterRef("learner")).order_by("-pk")
    scores = Score.objects.select_related("item").annotate(
        last_earned=Subquery(last.values("points_earned")[:1]),
        last_possible=Subquery(last.values("points_possible")[:1]),
    )
    if course_id is not None:
        scores = scores.filter(item__category__course_id=course_id)
    return {
        (score.item.activity, score.learner_id): StoredScore(
            score.points_earned,
            score.points_possible,
            score.points_answered,
            tuple(Decimal(points) for points in score.winnable),
            score.state,
            score.last_earned,
            score.last_possible,
        )
        for score in scores
    }


def overridden_cells(course_id: int | None = None) -> set[tuple[str, int]]:
    """The cells (activity, learner id) in which an override stands."""
    rows = Override.objects.order_by("pk")
    if course_id is not None:
        rows = rows.filter(item__category__course_id=course_id)
    newest = {
        (activity, learner_id): points
        for activity, learner_id, points in rows.values_list("item__activity", "learner_id", "points_earned")
    }
    return {cell for cell, points in newest.items() if points is not None}


def certified(course_id: int | None = None) -> list[Certificate]:
    """The certificates that hold, not those that were revoked."""
    rows = Certificate.objects.prefetch_related("events").order_by("pk")
    if course_id is not None:
        rows = rows.filter(course_id=course_id)
    return [row for row in rows if state_of(row).is_valid]
