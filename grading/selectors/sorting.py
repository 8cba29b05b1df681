"""Expressions for queries of people: an order for the gradebook's rows, and who holds a certificate."""

from typing import Any

from django.db.models import Case, Count, Exists, F, FloatField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from grading.models import Certificate, CertificateEvent, GradeItem, Score


def percent_to_sort_by(course_id: int, activity: str | None = None) -> object:
    """Return, for a query of people (OuterRef "user_id"), the percent of one item or the overall percent.

    Computed in floating point and by the current policy, because it only orders rows; the rows show exact values.
    """
    cells = Score.objects.filter(learner_id=OuterRef("user_id"), points_possible__gt=0)
    share = Cast(F("points_earned"), FloatField()) / Cast(F("points_possible"), FloatField())
    given = shares_given(course_id)
    if activity is not None:
        found = Subquery(cells.filter(item__activity=activity).annotate(share=share).values("share")[:1])
        return Coalesce(found, Value(given[activity])) if activity in given else found
    weights = shares_of(course_id)
    worth = Case(*(When(item=pk, then=Value(weight)) for pk, _, weight in weights), **ZERO)
    base = sum(given.get(activity, 0) * weight for _, activity, weight in weights)
    known = Case(*(When(item__activity=name, then=Value(each)) for name, each in given.items()), **ZERO)
    mine = cells.filter(item__category__course_id=course_id).order_by().values("learner_id")
    found = Subquery(mine.annotate(sum=Sum((share - known) * worth)).values("sum"))
    return Coalesce(found, Value(0.0)) + Value(base) if given else found


ZERO: Any = {"default": Value(0.0), "output_field": FloatField()}


def shares_given(course_id: int) -> dict[str, float]:
    """Return, by item, the share of its points that everyone gets even without a score."""
    items = GradeItem.objects.filter(category__course_id=course_id, points_possible__gt=0).exclude(credited={})
    rows = items.values_list("activity", "credited", "points_possible")
    return {
        activity: sum(map(float, points.values())) / float(possible) for activity, points, possible in rows
    }  # only for ordering, so floats are exact enough


def shares_of(course_id: int) -> list[tuple[int, str, float]]:
    """Return what each item (id, activity) adds to the overall percent, for sorting."""
    items = GradeItem.objects.filter(category__course_id=course_id, is_retired=False)
    number = Count("category__items", filter=Q(category__items__is_retired=False))
    rows = items.annotate(number=number).values_list("pk", "activity", "category__weight", "number")
    # only for ordering, so floats are exact enough
    return [(pk, activity, float(weight) / number) for pk, activity, weight, number in rows]


def holds_certificate(course_id: int) -> Exists:
    """Return, for a query of people (OuterRef "user_id"), whether they hold a valid certificate."""
    newest = CertificateEvent.objects.filter(certificate=OuterRef("pk")).order_by("-created_at", "-pk")
    rows = Certificate.objects.filter(course_id=course_id, learner_id=OuterRef("user_id"))
    last = rows.annotate(last=Subquery(newest.values("kind")[:1]))
    return Exists(last.filter(Q(last=None) | Q(last=CertificateEvent.Kind.RESTORED)))
