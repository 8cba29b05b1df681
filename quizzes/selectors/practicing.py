"""Practice: answer a review question again after it is final. Nothing is stored, so attempts and grades stay as they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from course.rules.own_dates import NOTHING_OWN, OwnDates, in_force
from course.rules.schedule import has_opened
from course.selectors import published
from foundation.fast.prepared import give_related
from people.selectors import own_dates
from questions import types
from questions.rules.storable import refuse_unstorable
from quizzes.models import Assessment, Attempt, Question
from quizzes.refusals import Refusal
from quizzes.rules.disclosure import ShownPart, parts_shown
from quizzes.rules.teaching import TaughtSection
from quizzes.selectors.cards import Card
from quizzes.selectors.feedback import ALL_SHOWN, feedback, section_to_read
from quizzes.selectors.objective_answers import MeasuringQuestions, measuring_questions
from quizzes.selectors.outcomes import corrections_of, is_attempt_right
from quizzes.selectors.papers import paper_of
from quizzes.selectors.published_questions import QUESTIONS
from quizzes.selectors.stages import review_stage

KEY_ALONE: frozenset[ShownPart] = frozenset({"key"})


@dataclass(frozen=True)
class PracticeCard:
    """A final question, and the ids of the final ones before and after it, "" at either end.

    `number` counts it among the `count` final ones, because somebody who practices goes through those. `read_again` is for
    a wrong response. `another` is the number of the variant to practice next, 0 if there is none to choose (D45).
    """

    card: Card
    before: str
    after: str
    number: int
    count: int
    read_again: TaughtSection | None
    assessment: Assessment
    another: int = 0


def practice_card(
    *, assessment: Assessment, learner_id: int | None, question_id: str, another: bool, now: datetime
) -> PracticeCard:
    """Return a question that its learner may practice: one of a review, whose key they may already see (D10).

    With `another`, it has another variant than the one that was answered, if there is one (D43).

    Raises Refusal not_found, practice_not_final.
    """
    if assessment.kind != Assessment.Kind.REVIEW:
        raise Refusal("practice_not_final")
    paper = paper_of(assessment=assessment, learner_id=learner_id, now=now)
    asked = paper.card(question_id)
    if asked is None:
        raise Refusal("not_found")
    if asked.feedback is None:
        raise Refusal("practice_not_final")
    final = ["", *(card.question_id for card in paper.cards if card.feedback), ""]
    index = final.index(question_id)
    may_read = has_opened(assessment.lessons_open_at, now)
    section = section_to_read(published_question(assessment, question_id)) if may_read else None
    card = with_another_variant(asked, assessment) if another else asked
    return PracticeCard(card, final[index - 1], final[index + 1], index, len(final) - 2, section, assessment)


def with_another_variant(card: Card, assessment: Assessment) -> Card:
    """Return the card of the variant after the one that was answered, if its question has more than one (D43).

    Runs a query only if this process does not know that variant yet.
    """
    content = published(assessment.course_id)[QUESTIONS]
    question = content.questions[card.question_id]
    others = [pk for pk in question.variants if pk != card.version.pk]
    if card.feedback is None or not others:
        return card
    after = next((pk for pk in others if pk > card.version.pk), others[0])
    version = content.versions([after])[after]
    parts = ALL_SHOWN if card.is_explained or not card.version.explanation_html else KEY_ALONE
    shown = feedback(version, corrections_of(question), parts)
    return replace(card, version=version, feedback=shown, attempts=(), draft=None, near_misses=())


def published_question(assessment: Assessment, question_id: str) -> Question:
    return published(assessment.course_id)[QUESTIONS].questions[question_id]


def is_practice_right(*, assessment: Assessment, card: Card, response: object) -> bool:
    """Return whether the response is right, by the same rules as an attempt at this question. Nothing is stored.

    Raises Refusal blank_response, invalid_response.
    """
    kind, version = types.get(card.version.type), card.version
    refuse_unstorable(response)
    canonical = kind.parse(response, version.body)
    question = published_question(assessment, card.question_id)
    would_be = Attempt(
        question=question, version=version, response=canonical, is_correct=kind.is_right(canonical, version.secret)
    )
    return is_attempt_right(would_be)


@dataclass(frozen=True)
class FinalAnswer:
    """A review question that is final for a learner: right on this attempt, or never (None), and when that was known."""

    question_id: str
    right_on: int | None
    at: datetime


def final_answers(*, course_id: int, learner_id: int, now: datetime) -> list[FinalAnswer]:
    """Return a learner's final review questions whose keys they may see, in the order of the course.

    Removed questions are left out, and those that measure nothing because a regrade gave everyone their points or made
    them void. Runs two queries, and up to two more for a review whose keys wait until it has closed for everyone (D33).
    """
    measuring = measuring_questions(course_id)
    asked = [row for rows in measuring.content.asked.values() for row in rows if not row.is_retired]
    own = own_dates(learner_id, course_id)
    reviews = {pk: row for pk, row in measuring.content.assessments.items() if row.kind == Assessment.Kind.REVIEW}
    shown = {pk for pk, row in reviews.items() if _is_key_shown(row, own.get(pk, NOTHING_OWN), now)}
    tried = _attempts_by_question(learner_id, shown)
    answers = [
        _final_answer(question, tried[question.pk], measuring)
        for question in asked
        if question.pk in tried and question.pk not in measuring.silent
    ]
    return [answer for answer in answers if answer is not None]


def _is_key_shown(review: Assessment, own: OwnDates, now: datetime) -> bool:
    """Return whether a learner with these dates sees the keys of the review's final questions."""
    stage = review_stage(review, in_force(review.dates, own).closes_at, now)
    return bool(parts_shown(review.disclosure, kind=review.kind, is_final=True, stage=stage))


def _attempts_by_question(learner_id: int, reviews: Collection[str]) -> dict[str, list[Attempt]]:
    rows = Attempt.objects.filter(
        sitting__learner=learner_id, sitting__assessment__in=reviews, sitting__is_void=False
    ).order_by("question_id", "number")
    return {question_id: list(group) for question_id, group in groupby(rows, key=lambda row: row.question_id)}


def _final_answer(question: Question, attempts: Sequence[Attempt], measuring: MeasuringQuestions) -> FinalAnswer | None:
    """Return what a learner's attempts at a question came to, None while it is not final."""
    corrections = corrections_of(question)
    known = measuring.content.versions({attempt.version_id for attempt in attempts})
    for attempt in attempts:
        give_related(attempt, version=known[attempt.version_id], question=question)
    right = next((attempt for attempt in attempts if is_attempt_right(attempt, corrections)), None)
    if right is None and attempts[-1].number < attempts[-1].attempts_limit:
        return None
    return FinalAnswer(question.pk, right and right.number, (right or attempts[-1]).received_at)
