"""The second, clean sandbox in which weights are scored has separate limits, and the learner is not blamed for its failures."""

import asyncio
import textwrap
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from labs.runner.protocol import RunLimits
from labs.runner.supervisor.examination import CleanBox
from tests.loops import ran
from tests.rounds import second_round
from tests.runner.talk import cells_of, new_id, told
from tests.runner.test_failures import MORE_THAN_ARE_KEPT, held, is_no_more
from tests.runner.test_pool import wait_until
from tests.runner.wires import NAME_THAT_IS_NO_TEXT

pytestmark = second_round

PROBES = """
from labs.runner.judge.authoring import HeldOut
PROBES = [
    HeldOut(name=name, points=1, function="weights", evaluator="held.py", at_least=0.5, message="M.",
            data=lambda rng: ((), ()))
    for name in {names!r}
]
"""


def probes_named(names: str) -> str:
    """Return a file with one probe for each letter."""
    return PROBES.format(names=names)


WEIGHTS = "import numpy\ndef weights(): return numpy.ones(2)"
WRONG_SHAPES = "M. These weights do not have the shapes that were asked for."
# Shared mappings escape RLIMIT_DATA: only the watchdog sees them.
HOARD = """
    import mmap, time
    kept = mmap.mmap(-1, 400 << 20)
    for at in range(0, len(kept), 4096):
        kept[at] = 1
    time.sleep(1000)
"""


@pytest.fixture
def scored(best, tmp_path):
    """Return the row for a learner's weights under an evaluator with this body."""

    def score(body: str, learner: str = WEIGHTS, names: str = "h", **limits: int):
        (tmp_path / "probes.py").write_text(probes_named(names))
        (tmp_path / "held.py").write_text(f"def score(weights):\n{textwrap.indent(textwrap.dedent(body), '    ')}\n")
        path, limits = str(tmp_path / "probes.py"), RunLimits(**limits)
        return told(best.client.test(new_id(), cells_of(learner), path, seed=1, limits=limits))

    return score


def rows(run) -> list[tuple[str, str]]:
    return [(row["verdict"], row["message"]) for row in run.end["tests"]]


def test_weights_that_do_well_earn_the_points(scored):
    assert rows(scored("return float(weights.sum())")) == [("passed", "")]


def test_the_watchdog_ends_scoring_with_too_much_memory_without_blaming_the_lab(scored):
    run = scored(HOARD, memory_bytes=200 << 20, wall_seconds=15)
    assert (run.verdict, rows(run)) == ("succeeded", [("failed", WRONG_SHAPES)])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("import time; time.sleep(1000)", "The code ran longer than 5 seconds."),
        ("import os; os._exit(3)", "The code ended its own process (exit status 3)."),
    ],
)
def test_scoring_that_gives_no_answer_is_ours_and_not_the_learners(scored, body, message):
    run = scored(body, wall_seconds=5)
    assert (run.verdict, run.end["tests"]) == ("broken", None)
    assert run.end["message"] == f"The lab could not run this: the held-out data could not be scored: {message}"


def test_a_learner_who_returns_no_weights_in_time_does_not_break_the_run(scored):
    run = scored("return 1.0", learner="def weights():\n    import time\n    time.sleep(1000)", wall_seconds=2)
    assert run.verdict == "timed_out"


def test_scoring_does_not_use_the_learners_time(scored):
    """Each of the two has seconds to spare, but not both together."""
    run = scored("import time; time.sleep(8); return 1.0", learner=SLOW, wall_seconds=14)
    assert (run.verdict, rows(run)) == ("succeeded", [("passed", "")])


def test_the_output_of_scoring_has_one_limit_for_all_tests(scored):
    """Otherwise an author's tests could fill the memory of the supervisor, which keeps what they print."""
    run = scored("print('x' * 400_000); return 1.0", names="abcd", output_bytes=1 << 20)
    assert run.verdict == "broken"
    assert "more than 1 MiB of output" in run.end["message"]


SLOW = "import numpy, time\ndef weights():\n    time.sleep(8)\n    return numpy.ones(2)"


RENAMED = f"import numpy\ndef weights():\n    {NAME_THAT_IS_NO_TEXT}\n    return numpy.ones(2)"


def test_a_process_that_renames_itself_leaves_no_clean_sandbox_behind(scored, best):
    for _ in range(MORE_THAN_ARE_KEPT):
        scored("return 1.0")
    before = held(best)
    verdicts = {scored("return 1.0", learner=RENAMED).verdict for _ in range(MORE_THAN_ARE_KEPT)}
    wait_until(lambda: is_no_more(held(best), before))
    assert (is_no_more(held(best), before), verdicts) == (True, {"succeeded"})


def test_closing_ends_a_clean_sandbox_that_is_still_being_made():
    learner, ended = SimpleNamespace(clock_stopped=nullcontext, limits=RunLimits()), asyncio.Event()

    async def make() -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            ended.set()

    async def closed() -> bool:
        clean = CleanBox(make, learner)
        asking = asyncio.ensure_future(clean.answer({}))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await clean.close()
        has_ended = ended.is_set()
        asking.cancel()
        return has_ended

    assert ran(closed())
