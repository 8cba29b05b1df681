"""Which results of a stored test run count after regrades of its lab (D17)."""

import pytest

from labs.rules.regrading import counting_results, judging_digest, verdicts_in


def rows(*verdicts, points=1):
    return [{"name": str(place), "points": points, "verdict": found} for place, found in enumerate(verdicts)]


NONE, HALF, ALL = rows("failed", "failed"), rows("passed", "failed"), rows("passed", "passed")


@pytest.mark.parametrize(
    ("own", "regrades", "counts"),
    [
        (HALF, [], HALF),
        (HALF, [(ALL, False)], ALL),
        (HALF, [(NONE, False)], HALF),
        (HALF, [(NONE, True)], NONE),
        (HALF, [(None, True)], HALF),
        (HALF, [([{**row, "message": "other words"} for row in HALF], True)], HALF),
        (HALF, [([{**row, "message": "other words"} for row in HALF], False)], HALF),
        (ALL, [(NONE, True), (HALF, False)], HALF),
        (NONE, [(ALL, False), (HALF, True)], HALF),
        (HALF, [(rows("passed", "failed", points=5), False)], rows("passed", "failed", points=5)),
    ],
    ids=[
        "without a regrade, its own",
        "better results",
        "worse results change nothing",
        "unless the regrade may lower points",
        "a run without results keeps its own",
        "other messages alone change nothing",
        "whether the regrade may lower points or not",
        "a later regrade follows the earlier",
        "and may take back what the earlier gave",
        "an equal share of more points is better",
    ],
)
def test_the_results_that_count(own, regrades, counts):
    assert counting_results(own, regrades) == counts


def test_the_digest_of_tests_follows_the_probes_and_their_files():
    said = [("a", {}), ("b", {}), ("a", {"score.py": "x"}), ("a", {"score.py": "y"})]
    assert len({judging_digest(*each) for each in said}) == 4
    assert judging_digest("a", {"x.py": "1", "y.py": "2"}) == judging_digest("a", {"y.py": "2", "x.py": "1"})


def test_two_results_say_the_same_if_their_points_do():
    assert verdicts_in([{**row, "message": "other words"} for row in HALF]) == verdicts_in(HALF) != verdicts_in(ALL)
