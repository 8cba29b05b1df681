"""Practice of an exam's questions before the exam, with variants that no exam draws (D45). Nothing is stored."""

from collections.abc import Mapping
from datetime import datetime

from course.rules.own_dates import NOTHING_OWN, OwnDates, sourced_date
from course.rules.schedule import has_opened
from course.selectors import TEXT, published
from people.selectors import own_dates
from quizzes.models import Assessment, Question, QuestionVersion
from quizzes.refusals import Refusal
from quizzes.rules.module_opening import module_opening
from quizzes.rules.variants import FIRST_RESERVED, reserved_variant
from quizzes.selectors.cards import Card
from quizzes.selectors.feedback import ALL_SHOWN, feedback
from quizzes.selectors.outcomes import corrections_of
from quizzes.selectors.practicing import PracticeCard
from quizzes.selectors.published_questions import QUESTIONS
from quizzes.selectors.sittings import has_running_exam


def pool_to_practice(assessment: Assessment, learner_id: int | None, now: datetime) -> list[Question]:
    """Return the questions of an exam that a learner may practice now, in order. Staff have no `learner_id`.

    These are about the objectives that exam.yaml opens, have variants for practice, and belong to modules that are open for
    the learner (D39).
    """
    content = published(assessment.course_id)[QUESTIONS]
    exam = content.assessments.get(assessment.pk)
    if exam is None or exam.kind != Assessment.Kind.EXAM or not exam.practice:
        return []
    opened = _open_modules(exam, learner_id, now)
    if exam.module.key not in opened:
        return []
    return [row for row in _with_reserve(exam) if row.module_key in opened and _objective_of(row) in exam.practice]


def objectives_to_practice(assessment: Assessment) -> set[str]:
    """Return the objectives about which a published exam has questions that could be practiced."""
    return {_objective_of(row) for row in _with_reserve(assessment)}


def _with_reserve(exam: Assessment) -> list[Question]:
    asked = published(exam.course_id)[QUESTIONS].asked.get(exam.pk, ())
    return [row for row in asked if row.reserve and not row.is_retired]


def _objective_of(question: Question) -> str:
    return question.current.objective if question.current is not None else ""


def _open_modules(exam: Assessment, learner_id: int | None, now: datetime) -> set[str]:
    """Return the keys of the modules that are open for a learner, or for everyone.

    Those with a lesson or an assessment are in the snapshot. Runs a query only where dates may vary.
    """
    snapshot = published(exam.course_id)
    course = snapshot[TEXT].course
    assessments = snapshot[QUESTIONS].assessments.values()
    modules = {lesson.module.key: lesson.module for lesson in snapshot[TEXT].lessons.values()}
    modules |= {assessment.module.key: assessment.module for assessment in assessments}
    opening = {key: module.own_dates.within(course.own_dates).opens_at for key, module in modules.items()}
    if learner_id is not None and any(assessment.dates_vary for assessment in assessments):
        own = own_dates(learner_id, exam.course_id)
        opening = {key: _opening_for(key, common, exam, own) for key, common in opening.items()}
    return {key for key, opens_at in opening.items() if has_opened(opens_at, now)}


def _opening_for(
    module_key: str, common: datetime | None, exam: Assessment, own: Mapping[str, OwnDates]
) -> datetime | None:
    """Return when a module opens for a learner with these dates."""
    every = published(exam.course_id)[QUESTIONS].assessments.values()
    inside = {row.pk: row for row in every if row.module.key == module_key}
    opening = {pk: sourced_date("opens_at", row.dates, own.get(pk, NOTHING_OWN)) for pk, row in inside.items()}
    reviews = [date for pk, date in opening.items() if inside[pk].kind == Assessment.Kind.REVIEW]
    return module_opening(common, reviews, opening.get(exam.pk))


def pool_practice_card(
    *, assessment: Assessment, learner_id: int | None, question_id: str, variant: int, now: datetime
) -> PracticeCard:
    """Return a variant of an exam's question that only practice asks. Staff who preview the course have no `learner_id`.

    `variant` is the number of one of these variants; any other number is that of the learner's first one of the day.
    Raises Refusal practice_not_final for a question that is not open for practice, and pool_practice_waits while an exam of
    the learner is running.
    """
    questions = pool_to_practice(assessment, learner_id, now)
    ids = ["", *(question.pk for question in questions), ""]
    if question_id not in ids[1:-1]:
        raise Refusal("practice_not_final")
    if learner_id is not None and has_running_exam(learner_id, now):
        raise Refusal("pool_practice_waits")
    number = ids.index(question_id)
    question = questions[number - 1]
    count = len(question.reserve)
    chosen = variant - FIRST_RESERVED
    if chosen not in range(count):
        chosen = reserved_variant(learner_id, question_id, now.date(), count)
    pk = question.reserve[chosen]
    version = published(assessment.course_id)[QUESTIONS].versions([pk])[pk]
    return PracticeCard(
        _card(question, version, number, assessment),
        ids[number - 1],
        ids[number + 1],
        number,
        len(questions),
        None,
        assessment,
        another=FIRST_RESERVED + (chosen + 1) % count,
    )


def _card(question: Question, version: QuestionVersion, position: int, assessment: Assessment) -> Card:
    """Return the card of a variant that nobody has answered, with what is shown after a response."""
    return Card(
        question_id=question.pk,
        position=position,
        version=version,
        points=version.points,
        attempts=(),
        attempts_limit=version.attempts_limit,
        attempts_left=0,
        is_final=True,
        is_correct=None,
        button=None,
        draft=None,
        saved_at=None,
        is_flagged=False,
        is_seen=True,
        accepts_answers=False,
        feedback=feedback(version, corrections_of(question), ALL_SHOWN),
        disclosure=assessment.disclosure_from_now,
    ).in_order(version.variant)
