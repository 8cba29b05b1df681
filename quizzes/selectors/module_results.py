"""The result of an exam by module, with the lessons to read again."""

from dataclasses import dataclass
from decimal import Decimal

from course.selectors import TEXT, published
from quizzes.selectors.cards import Card
from quizzes.selectors.papers import Paper
from quizzes.selectors.published_questions import module_keys_in


@dataclass(frozen=True)
class ModuleResult:
    """A learner's result in the questions of one module.

    `lessons` have the id and title of each lesson on what the learner did not get right, in the order of the course.
    """

    title: str
    earned: Decimal
    possible: Decimal
    cells: tuple[str, ...]
    lessons: tuple[tuple[str, str], ...]


def results_by_module(paper: Paper) -> list[ModuleResult]:
    """Return the result in each module that the paper asked about, in the order of the course. Runs no query."""
    course_id = paper.assessment.course_id
    keys = module_keys_in(course_id)
    lessons = published(course_id)[TEXT].in_outline
    titles = {lesson.module.key: lesson.module.title for lesson in lessons}
    asked: dict[str, list[Card]] = {key: [] for key in titles}
    for card in paper.cards:
        asked.setdefault(keys.get(card.question_id, ""), []).append(card)
    return [
        module_result(
            titles.get(key, paper.assessment.title),
            cards,
            [(lesson.pk, lesson.title, lesson.objectives) for lesson in lessons if lesson.module.key == key],
        )
        for key, cards in asked.items()
        if cards
    ]


def module_result(title: str, cards: list[Card], lessons: list[tuple[str, str, list[str]]]) -> ModuleResult:
    missed = {card.version.objective for card in cards if not card.is_correct}
    return ModuleResult(
        title,
        sum((card.points_earned for card in cards), Decimal(0)),
        sum((card.points for card in cards), Decimal(0)),
        tuple("done" if card.is_correct else "failed" if card.attempts else "open" for card in cards),
        tuple((pk, title) for pk, title, objectives in lessons if missed.intersection(objectives)),
    )
