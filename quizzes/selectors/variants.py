"""Who had which variant of a question that draws its values (D43)."""

from typing import NamedTuple

from django.db.models import Count, QuerySet

from quizzes.models import Question, QuestionVersion, Sitting, SittingQuestion
from quizzes.refusals import Refusal


class VariantUse(NamedTuple):
    """A variant, and in how many sittings it is. `version` is the number of its version."""

    version: int
    variant: int
    sittings: int


def variants_given(question: Question) -> list[VariantUse]:
    """Return the variants of a question that sittings have, those of the newest version first. Runs one query."""
    rows = SittingQuestion.objects.filter(
        question=question, version__variant__gt=0, sitting__kind=Sitting.Kind.GRADED
    ).order_by()
    counted = rows.values_list("version__number", "version__variant").annotate(sittings=Count("pk"))
    return [VariantUse(*row) for row in counted.order_by("-version__number", "version__variant")]


def variant_of(question: Question, *, version: int, variant: int) -> QuestionVersion:
    """Return a variant of a question. Raises Refusal not_found."""
    row = QuestionVersion.objects.filter(question=question, number=version, variant=variant).first()
    if row is None or not variant:
        raise Refusal("not_found")
    return row


def sittings_with(version: QuestionVersion) -> QuerySet[SittingQuestion]:
    """Return the rows of the sittings that have a version, with their learners. Void sittings are included."""
    rows = SittingQuestion.objects.filter(
        question=version.question_id, version=version, sitting__kind=Sitting.Kind.GRADED
    )
    return rows.select_related("sitting__learner", "sitting__assessment").order_by("sitting__started_at", "pk")
