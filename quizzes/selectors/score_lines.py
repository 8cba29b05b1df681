"""A learner's score in an assessment, question by question, so that the points on the page add up to the gradebook's."""

from dataclasses import dataclass

from grading.rules.late_shares import IN_TIME, Lateness
from grading.rules.lateness import LateTerms
from quizzes.models import Assessment, Attempt, Question, Sitting, SittingQuestion
from quizzes.rules.disclosure import UNENDED
from quizzes.rules.scoring import QuestionScore, question_scores
from quizzes.selectors.cards import Card
from quizzes.selectors.lateness import lateness_of
from quizzes.selectors.papers import CardState, Paper, new_card
from quizzes.selectors.scored_questions import (
    ON_PAPER,
    past_by_question,
    questions_in,
    scored_in_review,
    scored_on_paper,
)


@dataclass(frozen=True)
class ScoreLine:
    """A question with its score. `is_listed`: the learner's page shows it, so `card.position` is its number there."""

    card: Card
    score: QuestionScore
    is_listed: bool = True

    @property
    def marks(self) -> tuple[str, ...]:
        """Return the marks that the learner may see: a corrected key shows only with the key."""
        return tuple(mark for mark in self.score.marks if mark != "corrected" or self.card.correction)


def score_lines(paper: Paper, basis: frozenset[str] | None) -> list[ScoreLine]:
    """Return the questions of a learner's paper with their scores, then those that count but are not shown there.

    `basis` holds the questions that the learner's certificate counted. Runs one query, and one more for questions that
    the paper does not show.
    """
    attempts = [attempt for card in paper.cards for attempt in card.attempts]
    scores = scores_in(paper.assessment, paper.sitting, attempts, basis, paper.lateness)
    shown = {card.question_id for card in paper.cards}
    hidden = [pk for pk, score in scores.items() if score.counts and pk not in shown]
    return [
        *(ScoreLine(card, scores[card.question_id]) for card in paper.cards),
        *(ScoreLine(card, scores[card.question_id], is_listed=False) for card in hidden_cards(hidden)),
    ]


def scores_in(
    assessment: Assessment,
    sitting: Sitting | None,
    attempts: list[Attempt],
    basis: frozenset[str] | None,
    lateness: Lateness = IN_TIME,
) -> dict[str, QuestionScore]:
    """Return the score of each question of a sitting, or of a review without one."""
    if assessment.kind == Assessment.Kind.REVIEW:
        scored = scored_in_review(questions_in(assessment.pk), attempts)
        return question_scores(scored, past_by_question(scored, attempts, lateness), basis)
    scored = [scored_on_paper(*row) for row in SittingQuestion.objects.filter(sitting=sitting).values_list(*ON_PAPER)]
    return question_scores(scored, past_by_question(scored, attempts, lateness), None)


def points_by_question(
    learner_id: int, assessment_id: str, basis: frozenset[str] | None, terms: LateTerms | None
) -> list[dict[str, object]]:
    """Return the points of each question that counts in a learner's sitting, with the key by which the course names it.

    `terms` are the learner's late terms.
    """
    assessment = Assessment.objects.get(pk=assessment_id)
    sitting = Sitting.objects.filter(assessment=assessment, learner=learner_id, is_void=False).first()
    attempts = list(Attempt.objects.filter(sitting=sitting).select_related("version").order_by("number"))
    lateness = lateness_of(terms, assessment.kind, sitting.started_at if sitting else None)
    scores = scores_in(assessment, sitting, attempts, basis, lateness)
    scores = {pk: score for pk, score in scores.items() if score.counts}
    keys = dict(Question.objects.filter(pk__in=scores).order_by("position", "pk").values_list("pk", "key"))
    return [
        {
            "id": pk,
            "key": key,
            "earned": scores[pk].earned,
            "possible": scores[pk].possible,
            "late": scores[pk].late,
        }
        for pk, key in keys.items()
    ]


def hidden_cards(question_ids: list[str]) -> list[Card]:
    """Return cards of removed questions without attempts."""
    if not question_ids:
        return []
    rows = Question.objects.filter(pk__in=question_ids).select_related("current", "assessment")
    state = CardState(UNENDED, accepts_answers=False)
    return [
        new_card(Assessment.Kind.REVIEW, question, 0, None, [], state) for question in rows.order_by("position", "pk")
    ]
