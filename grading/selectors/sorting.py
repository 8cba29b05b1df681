"""Expressions for queries of people: an order for the gradebook's rows, and who holds a certificate."""

from typing import Any

from django.db.models import Case, Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from grading.models import Certificate, CertificateEvent, GradeCategory, GradeItem, Override, Score
from grading.rules.course_grade import outcome_from
from grading.selectors.rows import ledgers


def percent_to_sort_by(course_id: int, activity: str | None = None) -> object:
    """Return, for a query of people (OuterRef "user_id"), the percent of one item or the overall percent.

    Computed in floating point and by the current policy, because it only orders rows; the rows show exact values. In a
    category that drops its lowest items, points that everyone gets without starting are left out.
    """
    cells = Score.objects.filter(learner_id=OuterRef("user_id"), points_possible__gt=0)
    share = Cast(F("points_earned"), FloatField()) / Cast(F("points_possible"), FloatField())
    given = shares_given(course_id)
    if activity is not None:
        percent = Subquery(cells.filter(item__activity=activity).annotate(share=share).values("share")[:1])
        return Coalesce(percent, Value(given[activity])) if activity in given else percent
    shares = list(shares_of(course_id))
    dropping = {row.category_id: row.category for row in shares if row.category.drop_lowest and row.category.weight}
    weights = [
        (row.pk, row.activity, float(row.category.weight) / (row.number or 1))
        for row in shares
        if row.category_id not in dropping
    ]
    worth = Case(*(When(item=pk, then=Value(weight)) for pk, _, weight in weights), **ZERO)
    base = sum(given.get(activity, 0) * weight for _, activity, weight in weights)
    known = Case(*(When(item__activity=name, then=Value(given_share)) for name, given_share in given.items()), **ZERO)
    mine = cells.filter(item__category__course_id=course_id).order_by()
    percent: Any = Subquery(mine.values("learner_id").annotate(sum=Sum((share - known) * worth)).values("sum"))
    for category in dropping.values():
        percent += best_shares(category, cells, share)
    percent = Coalesce(percent, Value(0.0)) + Value(base) if given else percent
    exact = [When(user_id=pk, then=Value(share)) for pk, share in exempt_shares(course_id).items()]
    return Case(*exact, default=percent) if exact else percent


def exempt_shares(course_id: int) -> dict[int, float]:
    """Return the overall share of each learner who is exempt from something; their weights differ from everyone else's."""
    rows = Override.objects.filter(item__category__course_id=course_id, is_exempt=True)
    learners = set(rows.values_list("learner_id", flat=True))
    if not learners:
        return {}
    return {pk: float(outcome_from(cells).exact * 100) for pk, cells in ledgers(course_id, learners).items()}


ZERO: Any = {"default": Value(0.0), "output_field": FloatField()}


def shares_given(course_id: int) -> dict[str, float]:
    """Return, by item, the share of its points that everyone gets even without a score."""
    items = GradeItem.objects.filter(category__course_id=course_id, points_possible__gt=0).exclude(credited={})
    rows = items.values_list("activity", "credited", "points_possible")
    return {
        activity: sum(map(float, points.values())) / float(possible) for activity, points, possible in rows
    }  # only for ordering, so floats are exact enough


def shares_of(course_id: int) -> "QuerySet[GradeItem, Any]":
    """Return the items that count, each with its category and the `number` of items that share the category's weight."""
    items = GradeItem.objects.filter(category__course_id=course_id, is_retired=False)
    counted = Q(category__items__is_retired=False, category__items__is_extra=False)
    return items.annotate(number=Count("category__items", filter=counted)).select_related("category")


def best_shares(category: GradeCategory, cells: QuerySet[Score], share: object) -> Coalesce:
    """Return, for a query of people, what a category that drops its lowest items adds to the overall percent."""
    items = GradeItem.objects.filter(category=category, is_retired=False)
    number = items.filter(is_extra=False, points_possible__gt=0).count()
    kept = max(number - category.drop_lowest, min(number, 1))
    regular = Score.objects.filter(learner=OuterRef("learner"), item__in=items.filter(is_extra=False))
    best = regular.filter(points_possible__gt=0).annotate(share=share).order_by("-share")[:kept]
    counted = cells.filter(Q(pk__in=best.values("pk")) | Q(item__in=items.filter(is_extra=True)))
    counted = counted.annotate(share=share).order_by()
    total = counted.values("learner_id").annotate(sum=Sum("share")).values("sum")
    return Coalesce(Subquery(total) * Value(float(category.weight) / max(kept, 1)), Value(0.0))


def holds_certificate(course_id: int) -> Exists:
    """Return, for a query of people (OuterRef "user_id"), whether they hold a valid certificate."""
    newest = CertificateEvent.objects.filter(certificate=OuterRef("pk")).order_by("-created_at", "-pk")
    rows = Certificate.objects.filter(course_id=course_id, learner_id=OuterRef("user_id"))
    last = rows.annotate(last=Subquery(newest.values("kind")[:1]))
    return Exists(last.filter(Q(last=None) | Q(last=CertificateEvent.Kind.RESTORED)))
