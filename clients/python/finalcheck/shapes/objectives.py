"""The types of responses about objectives: a learner's own answers, and those of the class."""

from typing import Literal, TypedDict


class ObjectiveCount(TypedDict):
    """So many answers are right of those that count."""

    kind: Literal["review", "exam", "lab"]
    right: int
    answered: int


class ObjectiveLesson(TypedDict):
    id: str
    title: str


class OwnObjective(TypedDict):
    id: str
    text: str
    answers: list[ObjectiveCount]
    is_too_few: bool
    read_again: list[ObjectiveLesson]


class OwnObjectivesModule(TypedDict):
    title: str
    objectives: list[OwnObjective]


class OwnObjectives(TypedDict):
    """With fewer than `fewest` answers about an objective, nothing should be concluded."""

    fewest: int
    modules: list[OwnObjectivesModule]


class ClassObjectiveCount(ObjectiveCount):
    learners: int


class ObjectiveMeasures(TypedDict):
    """How many review questions, exam questions and lab tests measure an objective now."""

    review: int
    exam: int
    lab: int


class ClassObjective(TypedDict):
    id: str
    text: str
    answers: list[ClassObjectiveCount]
    is_too_few: bool
    measures: ObjectiveMeasures
    is_measured: bool


class ClassObjectivesModule(TypedDict):
    title: str
    objectives: list[ClassObjective]


class ClassObjectives(TypedDict):
    fewest: int
    modules: list[ClassObjectivesModule]
