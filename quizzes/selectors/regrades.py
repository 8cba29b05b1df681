"""Questions that can be regraded, and past regrades."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Func, IntegerField, Q, QuerySet

from questions import types
from quizzes.models import Assessment, Attempt, Question, QuestionVersion, Regrade
from quizzes.refusals import Refusal
from quizzes.rules.variants import places_of
from quizzes.selectors.outcomes import corrections_of, shown_key


class Length(Func):
    """The length of a JSON list."""

    function = "jsonb_array_length"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="json_array_length", **context)


@dataclass(frozen=True)
class VersionUse:
    """A version of a question, the number of attempts on it, and its current key in words."""

    version: QuestionVersion
    attempts: int
    key_text: str

    @property
    def type(self) -> types.QuestionType:
        return types.get(self.version.type)

    @property
    def has_places(self) -> bool:
        """Return whether one correction can name the same options of all variants (D43)."""
        version = self.version
        return bool(version.variant) and places_of(version.type, version.body, version.secret) is not None


def assessment_in(course_id: int, assessment_id: str) -> Assessment:
    """Return an assessment of the course, even a removed one. Raises Refusal not_found."""
    assessment = Assessment.objects.filter(pk=assessment_id, course_id=course_id).select_related("course").first()
    if assessment is None:
        raise Refusal("not_found")
    return assessment


def versions_in_use(course_id: int, question_id: str) -> list[VersionUse]:
    """Return the versions of a question of the course, newest first. Runs one query. Raises Refusal not_found."""
    rows = QuestionVersion.objects.filter(question=question_id, question__assessment__course=course_id)
    versions = rows.annotate(
        number_of_attempts=Count("attempts", filter=Q(attempts__sitting__kind="graded"))
    ).select_related("question__assessment", "question__current")
    uses = [_version_use(version) for version in versions.order_by("-number", "variant")]
    if not uses:
        raise Refusal("not_found")
    return uses


def _version_use(version: Any) -> VersionUse:
    return VersionUse(version, version.number_of_attempts, shown_key(version, corrections_of(version.question))[1])


def questions_to_regrade(course_id: int, words: str = "") -> QuerySet[Question]:
    """Return the questions of the course that contain all of the words, with their assessments."""
    rows = Question.objects.filter(assessment__course=course_id, current__isnull=False)
    for word in words.split():
        rows = rows.filter(
            Q(key__icontains=word)
            | Q(current__prompt__icontains=word)
            | Q(assessment__title__icontains=word)
            | Q(assessment__module__title__icontains=word)
        )
    return rows.select_related("assessment__module", "current").order_by("assessment__position", "position", "pk")


def attempts_by_question(question_ids: Collection[str]) -> dict[str, int]:
    """Return how many attempts each of these questions has; those without any are left out. Runs one query."""
    rows = Attempt.objects.filter(question__in=question_ids, sitting__kind="graded").order_by().values_list("question")
    return dict(rows.annotate(number=Count("pk")))


def regrades_in(course_id: int) -> QuerySet[Regrade]:
    """Return the regrades of a course, newest first, with their questions, their progress, and the regrades that undid
    them.

    `attempts_changed` is how many attempts are re-marked. The list of them may be long and is not loaded.
    """
    rows = Regrade.objects.filter(question__assessment__course=course_id).defer("changes")
    rows = rows.annotate(attempts_changed=Length("changes"))
    regrades = rows.select_related("question__assessment", "version", "author", "rescoring", "undone_by", "undoes")
    return regrades.order_by("-pk")


def regrade_in(course_id: int, regrade_id: int) -> Regrade:
    """Return a regrade of the course. Raises Refusal not_found."""
    regrade = regrades_in(course_id).filter(pk=regrade_id).first()
    if regrade is None:
        raise Refusal("not_found")
    return regrade


def response_called_right(regrade: Regrade) -> str:
    """Return the response that the regrade accepts, in words; "" if the regrade concerns the whole question."""
    if regrade.version is None:
        return ""
    return types.get(regrade.version.type).describe(regrade.version.body, regrade.correction["response"])
