"""Shapes of what answers show of each objective, to a learner and of a class."""

from typing import Any

from rest_framework import serializers

from course.rules.objectives import ANSWER_SOURCES
from foundation.serializers import example, example_of


@example(kind="review", right=5, answered=7)
class ObjectiveCount(serializers.Serializer[Any]):
    """So many answers are right of those that count: final review questions, questions of an exam that is over and whose
    verdicts you may know, answered or not, and tests in your test runs.
    """

    kind = serializers.ChoiceField(ANSWER_SOURCES, source="source")
    right = serializers.IntegerField()
    answered = serializers.IntegerField()


@example(id="9c4v2b6m1xyz", title="Tensors")
class ObjectiveLesson(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()


@example(
    id="tensors",
    text="Say what a tensor is.",
    answers=[example_of(ObjectiveCount)],
    is_too_few=False,
    read_again=[example_of(ObjectiveLesson)],
)
class OwnObjective(serializers.Serializer[Any]):
    """`is_too_few`: there are answers, but fewer than `fewest`. `read_again` are lessons, if an answer is wrong."""

    id = serializers.CharField()
    text = serializers.CharField()
    answers = ObjectiveCount(many=True)
    is_too_few = serializers.BooleanField()
    read_again = ObjectiveLesson(many=True)


@example(title="Introduction", objectives=[example_of(OwnObjective)])
class OwnObjectivesModule(serializers.Serializer[Any]):
    title = serializers.CharField()
    objectives = OwnObjective(many=True)


@example(fewest=4, modules=[example_of(OwnObjectivesModule)])
class OwnObjectivesOut(serializers.Serializer[Any]):
    """The modules with objectives. With fewer than `fewest` answers about one, nothing should be concluded."""

    fewest = serializers.IntegerField()
    modules = OwnObjectivesModule(many=True)


@example(kind="exam", right=31, answered=48, learners=19)
class ClassObjectiveCount(ObjectiveCount):
    """The answers of so many learners, also of an exam whose results they do not know yet."""

    learners = serializers.IntegerField()


@example(review=7, exam=9, lab=2)
class ObjectiveMeasures(serializers.Serializer[Any]):
    """How many review questions, exam questions and lab tests measure an objective now."""

    review = serializers.IntegerField()
    exam = serializers.IntegerField()
    lab = serializers.IntegerField()


@example(
    id="tensors",
    text="Say what a tensor is.",
    answers=[example_of(ClassObjectiveCount)],
    is_too_few=False,
    measures=example_of(ObjectiveMeasures),
    is_measured=True,
)
class ClassObjective(serializers.Serializer[Any]):
    id = serializers.CharField()
    text = serializers.CharField()
    answers = ClassObjectiveCount(many=True)
    is_too_few = serializers.BooleanField()
    measures = ObjectiveMeasures()
    is_measured = serializers.BooleanField()


@example(title="Introduction", objectives=[example_of(ClassObjective)])
class ClassObjectivesModule(serializers.Serializer[Any]):
    title = serializers.CharField()
    objectives = ClassObjective(many=True)


@example(fewest=4, modules=[example_of(ClassObjectivesModule)])
class ClassObjectivesOut(serializers.Serializer[Any]):
    fewest = serializers.IntegerField()
    modules = ClassObjectivesModule(many=True)
