"""The course's results repeat on other computers: every listing and every model solution runs on each of `computers`,
each time in a different process, and solutions with a different seed of the judge.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import combinations, product

import pytest

from course.rules.texts import LessonText
from labs.rules.texts import LabText
from tests.content.proofs.computers import COMPUTERS, KERNELS, PROCESSORS, variables
from tests.content.test_labs import LABS, judged
from tests.content.test_listings import PAGES, broken_promises
from tests.runner.conftest import Warm, start
from tests.runner.stations import offered
from tests.runner.talk import run_code


@pytest.fixture(scope="module", params=COMPUTERS, ids=lambda computer: "-".join(map(str, computer)))
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Warm]:
    """A runner whose warm process computes as on that computer."""
    program = ("tests.runner.elsewhere", json.dumps(variables(*request.param)))
    with ExitStack() as stack:
        yield start(offered()[0][0], stack, program=program)


def test_the_computers_show_every_pair_of_traits():
    traits = (PROCESSORS, KERNELS, (1, 2))
    for one, other in combinations(range(3), 2):
        assert {(each[one], each[other]) for each in COMPUTERS} == set(product(traits[one], traits[other]))


ASKED = "import os; print({name: os.environ.get(name) for name in %s})"


def test_a_computer_reaches_the_code_of_a_run(elsewhere: Warm, request: pytest.FixtureRequest):
    wanted = variables(*request.node.callspec.params["elsewhere"])
    told = run_code(elsewhere.client, ASKED % sorted(wanted))
    assert told.text.strip() == str(dict(sorted(wanted.items())))


@pytest.mark.parametrize(("lesson", "runtime"), PAGES)
def test_listings_keep_their_promise_on_every_computer(lesson: LessonText, runtime: str, elsewhere: Warm):
    assert broken_promises(lesson, runtime, elsewhere) == {}


@pytest.mark.parametrize("lab", LABS)
def test_a_model_solution_earns_every_point_on_every_computer_each_with_its_seed(
    lab: LabText, elsewhere: Warm, request: pytest.FixtureRequest
):
    seed = COMPUTERS.index(request.node.callspec.params["elsewhere"]) + 1
    ran = judged(lab, lab.solution, elsewhere, seed=seed)
    assert ran.verdict == "succeeded", ran.text
    assert [(row["verdict"], row["message"]) for row in ran.end["tests"]] == [("passed", "")] * len(lab.tests)
