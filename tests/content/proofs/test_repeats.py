"""The course's results repeat: other seeds for the judge, other processes for the listings."""

import pytest

from course.rules.texts import LessonText
from labs.rules.texts import LabText
from tests.content import test_listings
from tests.content.test_labs import LABS, judged
from tests.runner.conftest import Warm

SEEDS = (1, 2, 3)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("lab", LABS)
def test_a_model_solution_earns_every_point_with_every_seed(lab: LabText, seed: int, best: Warm):
    ran = judged(lab, lab.solution, best, seed=seed)
    assert ran.verdict == "succeeded", ran.text
    assert [(row["verdict"], row["message"]) for row in ran.end["tests"]] == [("passed", "")] * len(lab.tests)


@pytest.mark.parametrize("again", [1, 2])
@pytest.mark.parametrize(("lesson", "runtime"), test_listings.PAGES)
def test_listings_keep_their_promise_in_every_process(lesson: LessonText, runtime: str, again: int, best: Warm):
    test_listings.test_listings_print_what_their_lesson_promises(lesson, runtime, best)
