"""The gradebook as a table: its columns, an order of its rows, and what instructors did to a cell."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Lag

from grading.models import Certificate, CertificateEvent, GradeChange, GradeItem, Override, Score


@dataclass(frozen=True)
class Column:
    """An item that counts, with its total for someone who has not begun."""

    activity: str
    title: str
    kind: str
    possible: Decimal


def columns_of(course_id: int) -> list[Column]:
    """The items of a course that are not removed, in order: one statement."""
    rows = GradeItem.objects.filter(category__course_id=course_id, is_retired=False)
    found = rows.order_by("category__position", "position", "pk")
    return [Column(row.activity, row.title, row.kind, row.points_possible) for row in found]


def percent_to_sort_by(course_id: int, activity: str | None = None) -> Any:
    """For a statement over people (OuterRef "user_id"): the percent of one item, or the overall one.

    In floating point and by today's policy, because it only puts rows in an order; what they show is exact.
    """
    cells = Score.objects.filter(learner_id=OuterRef("user_id"), points_possible__gt=0)
    share = Cast(F("points_earned"), FloatField()) / Cast(F("points_possible"), FloatField())
    if activity is not None:
        return Subquery(cells.filter(item__activity=activity).annotate(share=share).values("share")[:1])
    worth = Case(
        *(When(item=item, then=Value(weight)) for item, weight in shares_of(course_id)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    mine = cells.filter(item__category__course_id=course_id).order_by().values("learner_id")
    return Subquery(mine.annotate(sum=Sum(share * worth)).values("sum"))


def shares_of(course_id: int) -> list[tuple[int, float]]:
    """What each item brings to the overall percent, for sorting."""
    items = GradeItem.objects.filter(category__course_id=course_id, is_retired=False)
    number = Count("category__items", filter=Q(category__items__is_retired=False))
    rows = items.annotate(number=number).values_list("pk", "category__weight", "number")
    return [(pk, float(weight) / number) for pk, weight, number in rows]  # an order, never points


def holds_certificate(course_id: int) -> Exists:
    """For a statement over people (OuterRef "user_id"): is a valid certificate held?"""
    newest = CertificateEvent.objects.filter(certificate=OuterRef("pk")).order_by("-created_at", "-pk")
    rows = Certificate.objects.filter(course_id=course_id, learner_id=OuterRef("user_id"))
    last = rows.annotate(last=Subquery(newest.values("kind")[:1]))
    return Exists(last.filter(Q(last=None) | Q(last=CertificateEvent.Kind.RESTORED)))


def is_overridden(course_id: int) -> Exists:
    """For a statement over people (OuterRef "user_id"): does an override stand in some cell?"""
    newer = Override.objects.filter(item=OuterRef("item"), learner=OuterRef("learner"), pk__gt=OuterRef("pk"))
    rows = Override.objects.filter(item__category__course_id=course_id, learner_id=OuterRef("user_id"))
    return Exists(rows.filter(~Exists(newer), points_earned__isnull=False))


@dataclass(frozen=True)
class Step:
    """One step of a cell: points before (None at the beginning) and after, what did it, and why where a person did."""

    at: datetime
    activity: str
    title: str
    before: Decimal | None
    after: Decimal
    possible: Decimal
    cause: str
    reason: str
    author: str


def steps_of(learner_id: int, course_id: int, activity: str | None = None) -> list[Step]:
    """The history of a learner's cells, the newest first: one statement."""
    rows = GradeChange.objects.filter(learner_id=learner_id, item__category__course_id=course_id)
    if activity is not None:
        rows = rows.filter(item__activity=activity)
    before = Window(Lag("points_earned"), partition_by=F("item"), order_by=F("pk").asc())
    found: QuerySet[Any] = rows.annotate(before=before).select_related("item", "author").order_by("-pk")
    return [
        Step(
            row.created_at,
            row.item.activity,
            row.item.title,
            row.before,
            row.points_earned,
            row.points_possible,
            row.cause,
            row.reason,
            row.author.get_full_name() if row.author else "",
        )
        for row in found
    ]
