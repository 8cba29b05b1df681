"""The assessments of a course, for the gradebook and for the course's folder."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from grading.rules.activity_results import ActivityWorth
from grading.rules.lateness import LateTerms
from quizzes.models import Assessment, Question, Sitting
from quizzes.rules.corrections import Correction, is_credited
from quizzes.rules.scoring import ScoredQuestion, counted, tally
from quizzes.selectors.scored_questions import IN_REVIEW, questions_in, scored_in_review


@dataclass(frozen=True)
class GradedAssessment:
    """A graded assessment; `worth` is its worth to a learner who has not started it.

    A review has its module's `title`, because a list of grades would otherwise show five items of the same name. `key`
    is its id in the course's folder.
    """

    id: str
    key: str
    kind: str
    title: str
    worth: ActivityWorth
    position: int
    late: LateTerms | None = None


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question and how many learners answered it. `marking` is its published type, body and secret."""

    pk: str
    key: str
    learners: int
    marking: tuple[str, dict[str, Any], dict[str, Any]]


def has_assessment(course_id: int, assessment_id: str) -> bool:
    """Return whether a course has an assessment, even a removed one."""
    return Assessment.objects.filter(pk=assessment_id, course=course_id).exists()


def module_titles_in(course_id: int) -> dict[str, str]:
    """Return the title of the module of each assessment in a course. Runs one query."""
    rows = Assessment.objects.filter(course=course_id, is_retired=False)
    return dict(rows.values_list("pk", "module__title"))


def activities_of(course_id: int) -> tuple[GradedAssessment, ...]:
    """Return every assessment that is not retired. Runs two queries. All papers of an exam have the same worth."""
    rows = Assessment.objects.filter(course_id=course_id, is_retired=False).select_related("module", "course")
    assessments = rows.order_by("position", "-kind", "pk")  # a module's review questions, then its exams
    scored: dict[str, list[ScoredQuestion]] = {row.pk: [] for row in assessments}
    questions = Question.objects.filter(assessment__in=scored, current__isnull=False).order_by("position")
    for assessment_id, *values in questions.values_list("assessment_id", *IN_REVIEW):
        scored[assessment_id] += scored_in_review([tuple(values)], [])
    return tuple(
        GradedAssessment(
            row.pk,
            row.key,
            row.kind,
            row.title_among_all,
            _assessment_worth(row, scored[row.pk]),
            row.position,
            row.late_terms,
        )
        for row in assessments
    )


def closing_times(course_id: int | None) -> dict[str, datetime | None]:
    """Return when each assessment that is not retired closes for everyone, by id. Runs one query."""
    rows = Assessment.objects.filter(course_id=course_id, is_retired=False).select_related("module", "course")
    return {row.pk: row.dates.closes_at for row in rows}


def review_worth(assessment_id: str, supposed: Mapping[str, tuple[Correction, ...]] | None = None) -> ActivityWorth:
    """Return what a review is worth to a learner who has not started it, by the corrections in force or by supposed ones."""
    scored = scored_in_review(questions_in(assessment_id), [])
    supposed = supposed or {}
    return unbegun(
        [replace(question, corrections=supposed.get(question.id, question.corrections)) for question in scored]
    )


def unbegun(questions: Sequence[ScoredQuestion]) -> ActivityWorth:
    """Return the worth of a sitting without responses: the points that can be won, and those that everyone gets."""
    given = {
        question.id: question.points for question in counted(questions, {}, None) if is_credited(question.corrections)
    }
    return ActivityWorth(tally(questions, {}).winnable, given)


def _assessment_worth(assessment: Assessment, questions: list[ScoredQuestion]) -> ActivityWorth:
    if assessment.kind != Assessment.Kind.EXAM:
        return unbegun(questions)
    return ActivityWorth(tuple(points for stratum in assessment.draw for points in _stratum_points(stratum)))


def _stratum_points(stratum: dict[str, Any]) -> list[Decimal]:
    return [Decimal(stratum["points"])] * int(stratum["count"])


def assessment_files(course_id: int, folders: Mapping[str, str]) -> dict[str, str]:
    """Return the file of every exam and every file of questions, by path. `folders` maps a module's id to its folder."""
    assessments = Assessment.objects.filter(course_id=course_id, is_retired=False)
    files = {f"{folders[row.module_id]}/{row.file_name}": row.source for row in assessments if row.source}
    questions = Question.objects.filter(assessment__in=assessments, is_retired=False).order_by("position", "pk")
    for path, source in questions.values_list("file", "source"):
        files[path] = _join_sources(files.get(path, ""), source)
    return files


def question_sources(course_id: int) -> dict[str, list[tuple[str, str]]]:
    """Return, by file, the keys of its questions with the text of each. Runs one query."""
    rows = Question.objects.filter(assessment__course_id=course_id, is_retired=False, assessment__is_retired=False)
    sources: dict[str, list[tuple[str, str]]] = {}
    for path, key, source in rows.order_by("position", "pk").values_list("file", "key", "source"):
        sources.setdefault(path, []).append((key, source))
    return sources


def question_files(assessment_id: str) -> list[str]:
    """Return the paths of the files with the questions of an assessment. Runs one query."""
    rows = Question.objects.filter(assessment_id=assessment_id, is_retired=False).exclude(file="").order_by("file")
    return list(rows.values_list("file", flat=True).distinct())


def files_by_assessment(course_id: int) -> dict[str, dict[str, int]]:
    """Return, by assessment, the files with its questions and how many questions each has. Runs one query."""
    rows = Question.objects.filter(assessment__course_id=course_id, is_retired=False).order_by("file")
    files: dict[str, dict[str, int]] = {}
    for assessment_id, path, number in rows.values_list("assessment", "file").annotate(Count("pk")):
        files.setdefault(assessment_id, {})[path] = number
    return files


LEARNERS_WHO_ANSWERED = Count(
    "attempts__sitting__learner", distinct=True, filter=Q(attempts__sitting__kind=Sitting.Kind.GRADED)
)


def learners_who_answered(course_id: int, keys: Collection[str]) -> dict[str, int]:
    """Return how many learners checked a response to each of these questions. Runs one query."""
    rows = Question.objects.filter(assessment__course_id=course_id, key__in=keys)
    counted = rows.annotate(learners=LEARNERS_WHO_ANSWERED)
    return dict(counted.values_list("key", "learners"))


def answered_questions(course_id: int, keys: Collection[str]) -> dict[str, AnsweredQuestion]:
    """Return the questions with these keys and a checked response, by key. Runs one query."""
    rows = Question.objects.filter(assessment__course_id=course_id, key__in=keys, current__isnull=False)
    counted = rows.annotate(learners=LEARNERS_WHO_ANSWERED).filter(learners__gt=0)
    fields = ("pk", "key", "learners", "current__type", "current__body", "current__secret")
    return {
        key: AnsweredQuestion(pk, key, learners, (*marking,))
        for pk, key, learners, *marking in counted.values_list(*fields)
    }


def _join_sources(before: str, source: str) -> str:
    return f"{before}\n{source}" if before and not before.endswith("\n") else f"{before}{source}"
