"""What answers show of each objective: how many are right of how many, by where they were given, and never a percentage."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from course.rules.objectives import ANSWER_SOURCES, AnswerSource, ObjectiveAnswers, ObjectiveSource

FEWEST = 4  # with fewer answers, guessing alone often gets all of them right


class LessonOnObjective(NamedTuple):
    """A lesson that a reader may open, and the objectives that it teaches."""

    id: str
    title: str
    objectives: Sequence[str]


@dataclass(frozen=True)
class ModuleObjectives:
    """A module with its objectives (id and text) and lessons, in order."""

    title: str
    objectives: Sequence[Mapping[str, str]]
    lessons: Sequence[LessonOnObjective]


@dataclass(frozen=True)
class ObjectiveMastery:
    """An objective with the answers that count, and how many questions and tests measure it now, by source.

    `lessons` teach the objective.
    """

    id: str
    text: str
    answers: tuple[ObjectiveAnswers, ...]
    measures: Mapping[AnswerSource, int]
    lessons: tuple[LessonOnObjective, ...]

    @property
    def right(self) -> int:
        return sum(row.right for row in self.answers)

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.answers)

    @property
    def is_too_few(self) -> bool:
        """Return whether there are answers, but too few to say anything."""
        return 0 < self.answered < FEWEST

    @property
    def is_measured(self) -> bool:
        return any(self.measures.values())

    @property
    def by_source(self) -> list[tuple[int, ObjectiveAnswers | None]]:
        """Return for each source how many questions or tests measure the objective, and the answers if there are any."""
        known = {row.source: row for row in self.answers}
        return [(self.measures.get(source, 0), known.get(source)) for source in ANSWER_SOURCES]

    @property
    def read_again(self) -> tuple[LessonOnObjective, ...]:
        """Return the lessons to read again: those on an objective with a wrong answer."""
        return self.lessons if self.right < self.answered else ()


@dataclass(frozen=True)
class ModuleMastery:
    """A module with what answers show of its objectives, in order."""

    title: str
    objectives: tuple[ObjectiveMastery, ...]


def mastery_by_module(
    modules: Iterable[ModuleObjectives],
    answers: Iterable[ObjectiveAnswers],
    measures: Mapping[ObjectiveSource, int],
) -> tuple[ModuleMastery, ...]:
    """Return what answers show of each objective of these modules. Answers about other objectives are left out."""
    counted = {(row.objective, row.source): row for row in answers}

    def mastery(objective: Mapping[str, str], lessons: Sequence[LessonOnObjective]) -> ObjectiveMastery:
        key = objective["id"]
        return ObjectiveMastery(
            id=key,
            text=objective["text"],
            answers=tuple(counted[key, source] for source in ANSWER_SOURCES if (key, source) in counted),
            measures={source: measures.get((key, source), 0) for source in ANSWER_SOURCES},
            lessons=tuple(lesson for lesson in lessons if key in lesson.objectives),
        )

    return tuple(
        ModuleMastery(module.title, tuple(mastery(objective, module.lessons) for objective in module.objectives))
        for module in modules
        if module.objectives
    )


def unmeasured(modules: Iterable[ModuleMastery]) -> list[ObjectiveMastery]:
    """Return the objectives that no question and no test of the course measures now."""
    return [objective for module in modules for objective in module.objectives if not objective.is_measured]
