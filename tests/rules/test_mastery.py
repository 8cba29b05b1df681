"""Counts of answers by objective, when they are too few, and which lessons to read again."""

import pytest

from course.rules.objectives import ObjectiveAnswers
from labs.rules.objectives import ObjectiveTally, objectives_of_tests, with_objectives
from portal.mastery.rules.mastery import (
    FEWEST,
    LessonOnObjective,
    ModuleObjectives,
    mastery_by_module,
    unmeasured,
)

TENSORS, LINES = {"id": "tensors", "text": "Say what a tensor is."}, {"id": "lines", "text": "Fit a line."}
FIRST, SECOND = LessonOnObjective("1", "Tensors", ["tensors"]), LessonOnObjective("2", "Both", ["lines", "tensors"])
MODULE = ModuleObjectives("Introduction", [TENSORS, LINES], [FIRST, SECOND])


def answers(objective, source, right, answered):
    return ObjectiveAnswers(objective, source, right, answered, learners=1)


def mastery(*rows, measures=None):
    """Return what these answers show of the two objectives of the module."""
    (module,) = mastery_by_module([MODULE], rows, measures or {})
    return module.objectives


def test_sources_are_counted_apart_and_in_one_order_and_other_objectives_are_left_out():
    rows = (answers("tensors", "lab", 1, 2), answers("tensors", "review", 5, 7), answers("gone", "exam", 1, 1))
    tensors, lines = mastery(*rows)
    assert [(row.source, row.right, row.answered) for row in tensors.answers] == [("review", 5, 7), ("lab", 1, 2)]
    assert (tensors.right, tensors.answered, lines.answers) == (6, 9, ())


@pytest.mark.parametrize(
    ("answered", "is_too_few"), [(0, False), (1, True), (FEWEST - 1, True), (FEWEST, False), (FEWEST + 1, False)]
)
def test_fewer_than_four_answers_are_too_few_and_none_are_none(answered, is_too_few):
    tensors, _lines = mastery(answers("tensors", "review", 0, answered))
    assert (FEWEST, tensors.is_too_few) == (4, is_too_few)


def test_answers_from_several_sources_are_enough_together():
    tensors, _lines = mastery(answers("tensors", "review", 2, 2), answers("tensors", "exam", 2, 2))
    assert tensors.is_too_few is False


def test_lessons_on_an_objective_are_read_again_only_after_a_wrong_answer():
    tensors, lines = mastery(answers("tensors", "review", 3, 3), answers("lines", "exam", 3, 4))
    assert (tensors.read_again, lines.read_again, lines.lessons) == ((), (SECOND,), (SECOND,))
    missed, never_asked = mastery(answers("tensors", "lab", 0, 1))
    assert (missed.read_again, never_asked.read_again) == ((FIRST, SECOND), ())


def test_an_objective_without_questions_and_tests_is_unmeasured_whatever_was_answered_once():
    rows = [answers("tensors", "review", 3, 3)]
    modules = mastery_by_module([MODULE], rows, {("lines", "lab"): 1, ("tensors", "review"): 0})
    assert [objective.id for objective in unmeasured(modules)] == ["tensors"]


def test_a_module_without_objectives_is_left_out():
    assert mastery_by_module([ModuleObjectives("Summary", [], [FIRST])], [], {}) == ()


TESTS = [{"name": "One dimension", "points": 1}, {"name": "Edges", "points": 2}]


def test_the_tests_of_a_lab_with_one_objective_measure_it_unless_the_author_says_otherwise():
    assert objectives_of_tests(with_objectives(TESTS, {}, ["convolution"])) == {
        "One dimension": "convolution",
        "Edges": "convolution",
    }
    named = with_objectives(TESTS, {"Edges": "features"}, ["convolution", "features"])
    assert named == [{"name": "One dimension", "points": 1}, {"name": "Edges", "points": 2, "objective": "features"}]
    assert with_objectives(TESTS, {}, []) == TESTS


def test_results_of_tests_are_counted_by_objective_and_those_without_one_are_not():
    tally = ObjectiveTally()
    by_test = {"One dimension": "convolution", "Edges": "convolution"}
    for learner_id, verdicts in ((1, "passed failed error"), (2, "passed passed passed")):
        names = ("One dimension", "Edges", "Another")
        results = [{"name": name, "verdict": verdict} for name, verdict in zip(names, verdicts.split(), strict=True)]
        tally.count(learner_id, by_test, results)
    assert tally.as_answers() == [ObjectiveAnswers("convolution", "lab", right=3, answered=4, learners=2)]
