"""While one machine attacks the running product, a learner's saves are acknowledged and the exam is handed in."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.attacks.__main__ import attacked
from tests.rounds import one_database, second_round

pytestmark = [one_database, second_round]

ATTACKS = ["silent", "half heads", "large bodies", "flood of sign ins"]


@pytest.mark.xdist_group("product")
def test_nothing_of_a_learner_fails_or_is_lost_while_one_address_attacks():
    """How long it takes is for the proof: a busy machine must not fail a test."""
    with ThreadPoolExecutor(1) as thread:  # Playwright leaves a loop in the thread of the tests
        found = thread.submit(lambda: list(attacked("sqlite", ATTACKS, 5.0))).result()
    assert [each.lost + each.times.failures for each in found] == [[]] * len(ATTACKS)
    assert [bool(each.times.seconds["hand in"]) for each in found] == [True] * len(ATTACKS)
    assert found[2].megabytes < 600  # 200 bodies of 5.9 MB would take 1.2 GB
