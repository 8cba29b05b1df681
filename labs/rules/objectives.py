"""Which objectives the tests of labs measure, and what test runs show of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from course.rules.objectives import ObjectiveAnswers
from labs.rules.results import Rows


def with_objectives(
    tests: Sequence[Mapping[str, object]], named: Mapping[str, str], objectives: Sequence[str]
) -> list[dict[str, object]]:
    """Return a lab's tests, each with the objective that it measures, if that is known.

    `named` are the objectives that the author gave to tests, by name. The other tests of a lab measure its objective if it
    has only one.
    """
    only = objectives[0] if len(objectives) == 1 else ""
    measured = [(test, named.get(str(test["name"]), only)) for test in tests]
    return [{**test, "objective": objective} if objective else dict(test) for test, objective in measured]


def objectives_of_tests(tests: Rows) -> dict[str, str]:
    """Return the objective of each stored test that measures one, by the name of the test."""
    return {test["name"]: test["objective"] for test in tests if test.get("objective")}


class ObjectiveTally:
    """What learners' test runs show of objectives, while it is counted."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.run: Counter[str] = Counter()
        self.learners: defaultdict[str, set[int]] = defaultdict(set)

    def count(self, learner_id: int, objectives: Mapping[str, str], results: Rows) -> None:
        """Count the results of a learner's test run in a lab with these objectives, by test."""
        for row in results:
            if objective := objectives.get(row["name"]):
                self.run[objective] += 1
                self.right[objective] += row["verdict"] == "passed"
                self.learners[objective].add(learner_id)

    def as_answers(self) -> list[ObjectiveAnswers]:
        return [
            ObjectiveAnswers(objective, "lab", self.right[objective], number, len(self.learners[objective]))
            for objective, number in self.run.items()
        ]
