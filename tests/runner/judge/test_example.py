"""The example's near misses: recognized with every seed, and told to the learner."""

from pathlib import Path

import pytest

from labs.runner.judge.rehearsal import find_problems, near_misses
from tests.runner.forks import Forks
from tests.runner.judge.test_submissions import HERE, PROBES, submit


def test_every_near_miss_of_the_example_is_recognized_with_twenty_seeds() -> None:
    assert len(near_misses(PROBES)) == 5
    assert list(find_problems(PROBES, seeds=20)) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (("slope * x + intercept", "slope * x"), "Your line has no intercept."),
        (("slope * x + intercept", "intercept * x + slope"), "You exchanged slope and intercept."),
        (("reduce_mean(", "reduce_sum("), "You added the squares, but did not divide by their number."),
    ],
)
def test_a_learner_reads_the_sentence_of_each_mistake(
    forks: Forks, tmp_path: Path, wrong: tuple[str, str], sentence: str
) -> None:
    script = tmp_path / "wrong.py"
    solution = (HERE / "example" / "solution.py").read_text()
    script.write_text(solution.replace(*wrong).replace("fit(x, y)\n", "0.0, 0.0\n"))
    told = [row["message"] for row in submit(forks, script, seed=4)]
    assert [message for message in told if message.endswith(sentence)] != []
