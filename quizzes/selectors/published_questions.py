"""A course's published questions, from the snapshot in memory. Callers must not change the objects that they get here."""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import F

from course.rules.schedule import Dates
from course.selectors import headings_by_module, part_of_snapshot, published, snapshot_in_memory
from foundation.fast.prepared import PreparedQuery
from people.selectors import dates_for, dates_vary
from quizzes.models import Assessment, Question, QuestionVersion
from quizzes.refusals import Refusal
from quizzes.rules.corrections import read_corrections
from quizzes.rules.scoring import ScoredQuestion
from quizzes.rules.teaching import taught_section
from quizzes.rules.variants import given_variant, is_reserved

UNREAD = ("source", "figures", "prompt", "explanation")  # of a version: texts that neither pages nor marking need
MOST_READ = 1024  # versions besides the newest ones that are kept in memory, about 5 MB


@dataclass(frozen=True, eq=False)
class PublishedQuestions:
    """The assessments that are not retired, by id, and their questions, each with its assessment and newest version.

    Removed questions are included. `asked` holds the questions of each assessment that have a version, in order, and
    `scored` holds them as they count for a learner without attempts. `known` holds the versions that were read so far.
    Versions never change, so older ones and variants are added once a paper needs them, up to MOST_READ. `removed` are
    the retired assessments, whose results may be withheld.
    """

    questions: Mapping[str, Question]
    assessments: Mapping[str, Assessment]
    asked: Mapping[str, tuple[Question, ...]]
    scored: Mapping[str, tuple[ScoredQuestion, ...]]
    known: dict[int, QuestionVersion]
    removed: tuple[Assessment, ...]

    @cached_property
    def exams_delaying_verdicts(self) -> tuple[Assessment, ...]:
        """Return the exams after whose end learners may have to wait for the verdicts (D33), removed ones included."""
        return tuple(
            assessment
            for assessment in (*self.assessments.values(), *self.removed)
            if assessment.disclosure.is_verdict_delayed
        )

    @cached_property
    def attempt_limits(self) -> frozenset[tuple[str, int]]:
        """Return each type that is asked, with each usual number of attempts at it."""
        current = [question.current for rows in self.asked.values() for question in rows if not question.is_retired]
        return frozenset((version.type, version.attempts_limit) for version in current if version is not None)

    @cached_property
    def has_variants(self) -> bool:
        """Return whether any question draws its values."""
        return any(question.variants for question in self.questions.values())

    def versions(self, ids: Collection[int]) -> Mapping[int, QuestionVersion]:
        """Return versions by id, these among them. Those that are not known yet are read, in one query."""
        known = self.known
        if missing := set(ids) - known.keys():
            read = QuestionVersion.objects.defer(*UNREAD).in_bulk(missing)
            if len(known) + len(read) > len(self.questions) + MOST_READ:
                # A new mapping: other threads may still look up versions in the old one.
                newest = {row.current.pk: row.current for row in self.questions.values() if row.current is not None}
                known = {**newest, **{pk: known[pk] for pk in ids if pk in known}}
                vars(self)["known"] = known
            known.update(read)
        return known

    def given_to(self, learner_id: int, questions: Iterable[Question]) -> list[Question]:
        """Return questions with the variant that this learner gets in a review as their newest version (D43).

        Runs at most one query. Fixed questions stay as they are.
        """
        listed = list(questions)
        given = {
            question.pk: question.variants[given_variant(learner_id, question.pk, len(question.variants))]
            for question in listed
            if question.variants
        }
        versions = self.versions(given.values())
        return [
            with_variant(question, versions[given[question.pk]]) if question.variants else question
            for question in listed
        ]


def with_variant(question: Question, version: QuestionVersion) -> Question:
    """Return a copy of a published question whose newest version is this variant. It is never saved."""
    copied = copy(question)
    copied.current, copied.given = version, version.pk
    return copied


def read_published_questions(course_id: int) -> PublishedQuestions:
    """Read the questions from the database, for the snapshot."""
    rows = Question.objects.filter(assessment__course=course_id, assessment__is_retired=False)
    rows = rows.select_related("current").order_by("position", "pk")
    unread = [f"current__{name}" for name in UNREAD]
    every = Assessment.objects.filter(course=course_id).select_related("course", "module")
    every = every.annotate(dates_vary=dates_vary())
    stored = list(every.defer("source", "course__source", "module__source"))
    assessments = {row.pk: row for row in stored if not row.is_retired}
    removed = tuple(row for row in stored if row.is_retired)
    # A load between the two queries may have retired or added an assessment; the snapshot is then read again.
    questions = {row.pk: row for row in rows.defer(*unread, "source") if row.assessment_id in assessments}
    _homes.update({row.pk: (row.assessment_id, course_id) for row in questions.values()})
    lessons = headings_by_module(course_id)
    asked: dict[str, list[Question]] = {pk: [] for pk in assessments}
    _courses.update(dict.fromkeys(assessments, course_id))
    for row in questions.values():
        row.assessment = assessments[row.assessment_id]
        if row.current is not None:
            own = lessons.get(row.assessment.module_id, ())
            row.taught = taught_section(row.taught_in, row.current.objective, own)
            asked[row.assessment_id].append(row)
    versions = {row.current.pk: row.current for row in questions.values() if row.current is not None}
    for pk, bank in banks_of(row for row in questions.values() if row.current and row.current.variant).items():
        questions[pk].variants, questions[pk].reserve = bank.variants, bank.reserve
    scored = {pk: tuple(scored_question(row, row.current) for row in rows) for pk, rows in asked.items()}
    by_assessment = {pk: tuple(rows) for pk, rows in asked.items()}
    return PublishedQuestions(questions, assessments, by_assessment, scored, versions, removed)


class PublishedBank(NamedTuple):
    """The ids of a question's variants, and of those that only practice asks (D45)."""

    variants: tuple[int, ...] = ()
    reserve: tuple[int, ...] = ()


def banks_of(questions: Iterable[Question]) -> dict[str, PublishedBank]:
    """Return the newest banks of questions that draw their values. Runs one query, none without any."""
    ids = [question.pk for question in questions]
    if not ids:
        return {}
    rows = QuestionVersion.objects.filter(question__in=ids, number=F("question__current__number"))
    banks: dict[str, PublishedBank] = {}
    for question_id, pk, variant in rows.order_by("variant").values_list("question_id", "pk", "variant"):
        drawn, reserve = banks.get(question_id, PublishedBank())
        banks[question_id] = (
            PublishedBank(drawn, (*reserve, pk)) if is_reserved(variant) else PublishedBank((*drawn, pk), reserve)
        )
    return banks


def given_in_review(questions: Iterable[Question], learner_id: int) -> list[Question]:
    """Return a review's questions, read from the database, with the learner's variants as their newest versions (D43).

    Runs two queries, none for fixed questions.
    """
    listed = list(questions)
    banks = banks_of(question for question in listed if question.current and question.current.variant)
    given = {pk: ids[given_variant(learner_id, pk, len(ids))] for pk, (ids, _) in banks.items()}
    versions = QuestionVersion.objects.in_bulk(given.values()) if given else {}
    return [
        with_variant(question, versions[given[question.pk]]) if question.pk in given else question
        for question in listed
    ]


def scored_question(question: Question, version: QuestionVersion) -> ScoredQuestion:
    """Return a question as it counts for a learner who has not tried it."""
    corrections = read_corrections(question.corrections)
    return ScoredQuestion(question.pk, version.points, question.is_retired, corrections)


QUESTIONS = part_of_snapshot("questions", read_published_questions)
HOME = PreparedQuery(
    lambda question_id: Question.objects.filter(pk=question_id).values_list("assessment_id", "assessment__course_id"),
    question_id=str,
)
_homes: dict[str, tuple[str, int]] = {}  # of each question asked for; a question never moves to another assessment


def assessment_and_course(question_id: str) -> tuple[str, int]:
    """Return the ids of a question's assessment and course, which never change. Raises Refusal not_found."""
    home = _homes.get(question_id)
    if home is None:
        row = next(iter(HOME(question_id=question_id)), None)
        if row is None:
            raise Refusal("not_found")
        home = _homes[question_id] = (row[0], row[1])
    return home


HOME_OF_ASSESSMENT = PreparedQuery(
    lambda assessment_id: Assessment.objects.filter(pk=assessment_id).values_list("course_id"), assessment_id=str
)
_courses: dict[str, int] = {}  # of each assessment asked for; an assessment never moves to another course


def attempt_limits_in(course_id: int) -> frozenset[tuple[str, int]]:
    """Return each type that the course's assessments ask, with each usual number of attempts at it."""
    return published(course_id)[QUESTIONS].attempt_limits


def attempts_by_type(assessment: Assessment) -> dict[str, int]:
    """Return the usual attempts at a question of each type that the assessment asks now."""
    asked = published(assessment.course_id)[QUESTIONS].asked.get(assessment.pk, ())
    current = [question.current for question in asked if not question.is_retired]
    return {version.type: version.attempts_limit for version in current if version is not None}


def module_keys_in(course_id: int) -> dict[str, str]:
    """Return the key of the module that each question of the course's exams is about, by question."""
    questions = published(course_id)[QUESTIONS].questions.values()
    return {question.pk: question.module_key for question in questions if question.module_key}


def course_of_assessment(assessment_id: str) -> int:
    """Return the id of an assessment's course, which never changes. Raises Refusal not_found."""
    course_id = _courses.get(assessment_id)
    if course_id is None:
        course_id = next((row[0] for row in HOME_OF_ASSESSMENT(assessment_id=assessment_id)), None)
        if course_id is None:
            raise Refusal("not_found")
        _courses[assessment_id] = course_id
    return course_id


def published_assessment(assessment_id: str) -> Assessment:
    """Return an assessment with its course and module. Raises Refusal not_found."""
    assessment = published(course_of_assessment(assessment_id))[QUESTIONS].assessments.get(assessment_id)
    if assessment is None:
        raise Refusal("not_found")
    return assessment


def dates_of_learner(assessment: Assessment, learner_id: int | None) -> Dates:
    """Return the dates in force for a learner, or for everyone. Runs a query only as `dates_for` does."""
    whose = {"activity": assessment.pk, "learner_id": learner_id, "course_id": assessment.course_id}
    return dates_for(assessment.dates, **whose, may_vary=assessment.dates_vary)


def exam_to_start(assessment_id: str) -> Assessment:
    """Return an exam from the memory of this process, without a query. Raises Refusal not_found.

    It may be out of date, because a start reads the exam again under the lock. If there is no such exam in memory, this
    returns the current assessment.
    """
    kept = snapshot_in_memory(course_of_assessment(assessment_id))
    assessment = kept[QUESTIONS].assessments.get(assessment_id) if kept else None
    return assessment if assessment and assessment.kind == Assessment.Kind.EXAM else published_assessment(assessment_id)
