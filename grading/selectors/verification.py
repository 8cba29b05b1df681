"""Read what the gradebook stores, to compare it with what the records say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from grading.models import Certificate, CertificateEvent, GradeChange, GradeItem, Override, Score
from grading.rules.activity_results import ActivityWorth
from grading.rules.lateness import LateTerms, terms_from
from grading.selectors.certificates import certificate_state


@dataclass(frozen=True)
class StoredScore:
    """A cell and the last entry of its history."""

    earned: Decimal
    possible: Decimal
    answered: Decimal
    winnable: tuple[Decimal, ...]
    state: str
    late: Decimal
    last_earned: Decimal | None
    last_possible: Decimal | None


def stored_scores(learners: Collection[int], course_id: int | None = None) -> dict[tuple[str, int], StoredScore]:
    """Return every cell of these learners, by (activity, learner id). Runs one query."""
    last = GradeChange.objects.filter(item=OuterRef("item"), learner=OuterRef("learner")).order_by("-pk")
    scores = (
        Score.objects.filter(learner__in=learners)
        .select_related("item")
        .annotate(
            last_earned=Subquery(last.values("points_earned")[:1]),
            last_possible=Subquery(last.values("points_possible")[:1]),
        )
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
            score.points_late,
            score.last_earned,
            score.last_possible,
        )
        for score in scores
    }


type StoredItem = tuple[Decimal, ActivityWorth, LateTerms | None]


def stored_items(course_id: int | None = None) -> dict[int, dict[str, StoredItem]]:
    """Return, by course and activity, what each item stores as its worth to a learner who has not started it, and its late
    terms.

    Removed items are left out.
    """
    items = GradeItem.objects.filter(is_retired=False)
    if course_id is not None:
        items = items.filter(category__course_id=course_id)
    stored: dict[int, dict[str, StoredItem]] = {}
    columns = ("points_possible", "winnable", "credited", "late")
    for course, activity, possible, winnable, credited, late in items.values_list(
        "category__course", "activity", *columns
    ):
        worth = ActivityWorth(
            tuple(Decimal(points) for points in winnable),
            {question: Decimal(points) for question, points in credited.items()},
        )
        stored.setdefault(course, {})[activity] = (possible, worth, terms_from(late))
    return stored


def overridden_cells(learners: Collection[int] | None, course_id: int | None = None) -> set[tuple[str, int]]:
    """Return the cells (activity, learner id) of these learners, or of all, to which an override applies. Runs one query."""
    rows = Override.objects.order_by("pk")
    if learners is not None:
        rows = rows.filter(learner__in=learners)
    if course_id is not None:
        rows = rows.filter(item__category__course_id=course_id)
    newest = {
        (activity, learner_id): points
        for activity, learner_id, points in rows.values_list("item__activity", "learner_id", "points_earned")
    }
    return {cell for cell, points in newest.items() if points is not None}


def certified(learners: Collection[int], course_id: int | None = None) -> list[Certificate]:
    """Return these learners' valid certificates, without revoked ones. Runs two queries."""
    rows = Certificate.objects.filter(learner__in=learners).prefetch_related("events").order_by("pk")
    if course_id is not None:
        rows = rows.filter(course_id=course_id)
    return [row for row in rows if certificate_state(row).is_valid]


def given_at(certificate: Certificate) -> datetime:
    """Return when a certificate was issued or last restored. Prefetch `certificate.events`."""
    restored = [event.created_at for event in certificate.events.all() if event.kind == CertificateEvent.Kind.RESTORED]
    return max([certificate.issued_at, *restored])
