"""The gradebook as a table: its columns, and instructors' changes to its cells."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Lag

from grading.models import GradeChange, GradeItem, Override
from grading.rules.causes import Cause
from grading.rules.membership import COLUMN


@dataclass(frozen=True)
class Column:
    """An item that counts, with its total for a learner who has not started."""

    activity: str
    title: str
    kind: str
    possible: Decimal
    has_late_policy: bool = False


def columns_of(course_id: int) -> list[Column]:
    """Return the items of a course that are not removed, in order. Runs one query."""
    rows = GradeItem.objects.filter(category__course_id=course_id, is_retired=False)
    items = rows.order_by("category__position", "position", "pk")
    return [Column(row.activity, row.title, row.kind, row.points_possible, row.late is not None) for row in items]


def graded_activities(activities: Collection[str]) -> set[str]:
    """Return which of these activities have an item in a gradebook, also a removed one. Runs one query, or none."""
    if not activities:
        return set()
    return set(GradeItem.objects.filter(activity__in=activities).order_by().values_list("activity", flat=True))


def counted_among(activities: Collection[str]) -> set[str]:
    """Return which of these activities count toward the grade: a category with a weight has their item. Runs one query, or none."""
    if not activities:
        return set()
    rows = GradeItem.objects.filter(activity__in=activities, is_retired=False, category__weight__gt=0)
    return set(rows.order_by().values_list("activity", flat=True))


APPLIES = Q(points_earned__isnull=False) | Q(is_exempt=True)
COLUMN_POINTS = Q(item__kind=COLUMN, points_earned__isnull=False)  # they replace no earned points


def has_override(learner_id: int, course_id: int) -> bool:
    """Tell whether an instructor has given the learner points in a course by hand, or exempted them."""
    return Override.objects.filter(learner_id=learner_id, item__category__course_id=course_id).exists()


def is_overridden(course_id: int) -> Exists:
    """Return, for a query of people (OuterRef "user_id"), whether an override applies to one of their cells."""
    newer = Override.objects.filter(item=OuterRef("item"), learner=OuterRef("learner"), pk__gt=OuterRef("pk"))
    rows = Override.objects.filter(item__category__course_id=course_id, learner_id=OuterRef("user_id"))
    rows = rows.exclude(COLUMN_POINTS)
    return Exists(rows.filter(APPLIES, ~Exists(newer)))


def overrides_of(course_id: int, learner_ids: Collection[int]) -> dict[int, list[Override]]:
    """Return the overrides that apply, by learner, each with its item, in the course's order. Runs one query.

    The points of columns are not among them.
    """
    newer = Override.objects.filter(item=OuterRef("item"), learner=OuterRef("learner"), pk__gt=OuterRef("pk"))
    rows = Override.objects.filter(item__category__course_id=course_id, learner__in=learner_ids)
    rows = rows.filter(APPLIES, ~Exists(newer)).exclude(COLUMN_POINTS).select_related("item")
    overrides: dict[int, list[Override]] = {}
    for row in rows.order_by("item__category__position", "item__position", "pk"):
        overrides.setdefault(row.learner_id, []).append(row)
    return overrides


@dataclass(frozen=True)
class ScoreChange:
    """A change of a cell: points before (None at first) and after, the cause, and the reason if a person made the change."""

    at: datetime
    activity: str
    title: str
    before: Decimal | None
    after: Decimal
    possible: Decimal
    cause: str
    reason: str
    author: str
    author_id: int | None

    @property
    def is_personal(self) -> bool:
        """Return whether the reason is about the learner; that of a regrade is about a question."""
        return self.cause not in (Cause.REGRADE, Cause.REGRADE_UNDONE)


def score_changes(
    learner_id: int, course_id: int, activity: str | None = None, hidden: Collection[str] = ()
) -> list[ScoreChange]:
    """Return the history of a learner's cells, newest first, without activities in `hidden`. Runs one query."""
    rows = GradeChange.objects.filter(learner_id=learner_id, item__category__course_id=course_id)
    rows = rows.exclude(item__activity__in=hidden)
    if activity is not None:
        rows = rows.filter(item__activity=activity)
    before = Window(Lag("points_earned"), partition_by=F("item"), order_by=F("pk").asc())
    changes: QuerySet[Any] = rows.annotate(before=before).select_related("item", "author").order_by("-pk")
    return [
        ScoreChange(
            row.created_at,
            row.item.activity,
            row.item.title,
            row.before,
            row.points_earned,
            row.points_possible,
            row.cause,
            row.reason,
            row.author.get_full_name() if row.author else "",
            row.author_id,
        )
        for row in changes
    ]


def changes_made_by(
    *,
    activity: str,
    cause: Cause,
    source_id: int,
    author_id: int,
    reason: str,
    since: datetime,
    until: datetime | None,
) -> QuerySet[GradeChange]:
    """Return how one action of a person changed the scores of an activity, by learner.

    The action's record is `source_id`. Changes of earlier versions, which did not store it, are found by author, reason
    and time: from `since` to `until`, the end of the action, or None while it continues. Each change has `before`, the
    previous points (None if there was no score).
    """
    earlier = GradeChange.objects.filter(item=OuterRef("item"), learner=OuterRef("learner"), pk__lt=OuterRef("pk"))
    old = Q(source_id=None, author_id=author_id, reason=reason, created_at__gte=since)
    if until is not None:
        old &= Q(created_at__lte=until)
    rows = GradeChange.objects.filter(Q(source_id=source_id) | old, item__activity=activity, cause=cause.value)
    return rows.annotate(before=Subquery(earlier.order_by("-pk").values("points_earned")[:1])).order_by("pk")
