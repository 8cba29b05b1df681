"""What can be regraded, and what was."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Q, QuerySet

from course.rules.refusals import Refusal
from quizzes import types
from quizzes.models import Assessment, Question, QuestionVersion, Regrade
from quizzes.selectors.outcomes import corrections_of, shown_key

MOST = 1000  # far more than a course has; words narrow the list


class Length(Func):
    """How long a list of JSON is."""

    function = "jsonb_array_length"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="json_array_length", **context)


@dataclass(frozen=True)
class VersionUse:
    """A version of a question, the attempts that answered it, and its key in force, in words."""

    version: QuestionVersion
    attempts: int
    key_text: str

    @property
    def type(self) -> types.QuestionType:
        return types.get(self.version.type)


def assessment_in(course_id: int, assessment_id: str) -> Assessment:
    """An assessment of the course, also a removed one. Raises Refusal not_found."""
    found = Assessment.objects.filter(pk=assessment_id, course_id=course_id).select_related("course").first()
    if found is None:
        raise Refusal("not_found")
    return found


def versions_in_use(course_id: int, question_id: str) -> list[VersionUse]:
    """The versions of a question of the course, the newest first: one statement. Raises Refusal not_found."""
    rows = QuestionVersion.objects.filter(question=question_id, question__assessment__course=course_id)
    found = rows.annotate(number_of_attempts=Count("attempts")).select_related(
        "question__assessment", "question__current"
    )
    uses = [_use(version) for version in found.order_by("-number")]
    if not uses:
        raise Refusal("not_found")
    return uses


def _use(version: Any) -> VersionUse:
    return VersionUse(version, version.number_of_attempts, shown_key(version, corrections_of(version.question))[1])


def questions_to_regrade(course_id: int, words: str = "") -> list[Question]:
    """Questions of the course with their assessments and how many attempts there are (`number_of_attempts`)."""
    rows = Question.objects.filter(assessment__course=course_id, current__isnull=False)
    for word in words.split():
        rows = rows.filter(Q(key__icontains=word) | Q(current__prompt__icontains=word))
    found = rows.annotate(number_of_attempts=Count("attempts")).select_related("assessment__module", "current")
    return list(found.order_by(F("assessment__position").asc(), "position")[:MOST])


def regrades_in(course_id: int) -> QuerySet[Regrade]:
    """The regrades of a course, the newest first, with their questions, how far they are, and what undid them.

    `attempts_changed` is how many attempts count otherwise; the list of them may be long and is left in the database.
    """
    rows = Regrade.objects.filter(question__assessment__course=course_id).defer("changes")
    rows = rows.annotate(attempts_changed=Length("changes"))
    found = rows.select_related("question__assessment", "version", "author", "rescoring", "undone_by", "undoes")
    return found.order_by("-pk")


def regrade_in(course_id: int, regrade_id: int) -> Regrade:
    """Raises Refusal not_found."""
    found = regrades_in(course_id).filter(pk=regrade_id).first()
    if found is None:
        raise Refusal("not_found")
    return found


def response_of(regrade: Regrade) -> str:
    """What the regrade calls right, in words; empty where it is about the whole question."""
    if regrade.version is None:
        return ""
    return types.get(regrade.version.type).describe(regrade.version.body, regrade.correction["response"])
