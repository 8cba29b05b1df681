"""Every lab names mistakes that learners make, and the judge recognizes each of them with every seed."""

import subprocess
import sys

import pytest

from labs.rules.texts import LabText
from labs.runner.judge.rehearsal import find_problems, near_misses
from tests.content.shipped import shipped
from tests.content.test_labs import folder_of
from tests.rounds import second_round

pytestmark = second_round

LABS = [pytest.param(lab, id=lab.key) for lab in shipped().labs]


@pytest.mark.parametrize("lab", LABS)
def test_every_near_miss_is_recognized_with_twenty_seeds(lab: LabText):
    probes = str(folder_of(lab) / "probes.py")
    assert len(near_misses(probes)) >= 3
    assert list(find_problems(probes, seeds=20)) == []


@pytest.mark.parametrize("lab", LABS)
def test_a_near_miss_says_what_the_learner_did_in_one_or_two_short_sentences(lab: LabText):
    sentences = [sentence for _, sentence in near_misses(str(folder_of(lab) / "probes.py"))]
    assert [each for each in sentences if not each.endswith(".") or len(each) > 100] == []


def test_programs_that_tests_start_compute_in_one_thread():
    """As the judge does in the product. With two threads, waiting took many times the processor time of the computation."""
    program = "import os, numpy; print(len(os.listdir('/proc/self/task')))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "1\n"
