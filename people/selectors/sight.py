"""The learners that a role in a course lets a person see. Everything that shows learners to staff asks here (D42)."""

from django.db.models import Model, QuerySet

from people.models import Enrollment, LearnerGroup
from people.rules.sight import LearnerSight


def learners_in_sight(sight: LearnerSight) -> QuerySet[Enrollment, int]:
    """Return the ids of the learners that a limited person sees, for use in a query, also of those who left.

    Learners in no group are not among them.
    """
    rows = Enrollment.objects.filter(role=Enrollment.Role.LEARNER, groups__role_limits=sight.limit_id)
    return rows.order_by().values_list("user_id", flat=True)


def within_sight[Row: Model](
    rows: "QuerySet[Row, Row]", sight: LearnerSight, learner: str = "learner"
) -> "QuerySet[Row, Row]":
    """Return the rows of the learners that a person sees. `learner` is the field that names the learner.

    For somebody without a limit, the query stays as it is.
    """
    return rows.filter(**{f"{learner}__in": learners_in_sight(sight)}) if sight.is_limited else rows


def is_in_sight(sight: LearnerSight, learner_id: int) -> bool:
    """Tell whether a person sees this learner. Runs one query, and none without a limit."""
    return not sight.is_limited or learners_in_sight(sight).filter(user=learner_id).exists()


def groups_in_sight(sight: LearnerSight) -> list[str]:
    """Return the names of the groups of a limit, sorted. Runs one query."""
    rows = LearnerGroup.objects.filter(role_limits=sight.limit_id)
    return sorted(rows.order_by().values_list("name", flat=True))
