"""The gradebook's cells of one learner, as plain facts: one statement, two for a certified learner."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from grading.models import Certificate, GradeItem


@dataclass(frozen=True)
class Policy:
    """What a category is worth, in percent."""

    key: str
    title: str
    of: str
    weight: Decimal
    pass_percent: Decimal
    position: int


@dataclass(frozen=True)
class Row:
    """One item of one learner, in points; a learner who has not begun has the item's own totals."""

    item_id: int
    activity: str
    url_name: str
    kind: str
    title: str
    is_retired: bool
    policy: Policy
    course_pass_percent: Decimal
    earned: Decimal
    possible: Decimal
    answered: Decimal
    winnable: tuple[Decimal, ...]
    state: str
    is_certified: bool


def item_rows(learner_id: int, course_id: int) -> list[Row]:
    """Every item that may count for this learner, in order; a certified learner's by their basis (D23)."""
    cell = FilteredRelation("scores", condition=Q(scores__learner_id=learner_id))
    certified = Certificate.objects.filter(learner_id=learner_id, course_id=OuterRef("category__course_id"))
    items = (
        GradeItem.objects.filter(category__course_id=course_id)
        .select_related("category__course")
        .annotate(cell=cell, is_certified=Exists(certified))
        .annotate(
            earned=F("cell__points_earned"),
            possible=F("cell__points_possible"),
            answered=F("cell__points_answered"),
            left=F("cell__winnable"),
            state=F("cell__state"),
        )
        .order_by("category__position", "position", "pk")
    )
    rows = [_row(item) for item in items]
    if any(row.is_certified for row in rows):
        basis = Certificate.objects.values_list("basis", flat=True).get(learner_id=learner_id, course_id=course_id)
        return by_basis(rows, basis)
    return rows


def _row(item: Any) -> Row:
    category = item.category
    has_begun = item.state is not None
    worth = item.left if has_begun else item.winnable
    return Row(
        item_id=item.pk,
        activity=item.activity,
        url_name=item.url_name,
        kind=item.kind,
        title=item.title,
        is_retired=item.is_retired,
        policy=Policy(
            category.key, category.title, category.of, category.weight, category.pass_percent, category.position
        ),
        course_pass_percent=category.course.pass_percent,
        earned=item.earned if has_begun else Decimal(0),
        possible=item.possible if has_begun else item.points_possible,
        answered=item.answered if has_begun else Decimal(0),
        winnable=tuple(Decimal(points) for points in worth),
        state=item.state or "not_started",
        is_certified=item.is_certified,
    )


def by_basis(rows: list[Row], basis: dict[str, Any]) -> list[Row]:
    """The rows that counted when the certificate was issued, under the policy of that moment."""
    policies = {found["key"]: policy_from(found) for found in basis["categories"]}
    counted = basis["items"]
    return [
        replace(
            row,
            is_retired=False,
            policy=policies[counted[row.activity]["category"]],
            course_pass_percent=Decimal(basis["pass_percent"]),
            possible=row.possible if row.state != "not_started" else Decimal(counted[row.activity]["possible"]),
        )
        for row in rows
        if row.activity in counted
    ]


def policy_from(found: dict[str, Any]) -> Policy:
    return Policy(
        found["key"],
        found["title"],
        found["of"],
        Decimal(found["weight"]),
        Decimal(found["pass_percent"]),
        found["position"],
    )


def basis_of(rows: list[Row], questions: dict[str, list[str]]) -> dict[str, Any]:
    """What a certificate keeps: policy, items and, per activity, the counted questions."""
    policies = {row.policy.key: row.policy for row in rows}
    return {
        "pass_percent": str(rows[0].course_pass_percent),
        "categories": [
            {
                "key": policy.key,
                "title": policy.title,
                "of": policy.of,
                "weight": str(policy.weight),
                "pass_percent": str(policy.pass_percent),
                "position": policy.position,
            }
            for policy in policies.values()
        ],
        "items": {
            row.activity: {
                "category": row.policy.key,
                "possible": str(row.possible),
                "questions": questions.get(row.activity, []),
            }
            for row in rows
        },
    }
