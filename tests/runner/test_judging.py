"""Tests of a lab through the whole runner: sandboxed learner, judge outside, a second clean sandbox for held-out data."""

import itertools
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from labs.runner.protocol import Client, RunLimits, SourceCell
from tests.rounds import second_round
from tests.runner.talk import Told, new_id, told
from tests.runner.wires import FORGE

pytestmark = second_round

EXAMPLE = Path(__file__).parent / "judge"
PROBES = EXAMPLE / "example/probes.py"
CHEATS = sorted((EXAMPLE / "cheats").glob("*.py"))
SEED = 2**100 + 11  # as large as those of real runs, so that no counter equals it by chance
PATIENCE, LITTLE_PATIENCE = RunLimits(wall_seconds=60), RunLimits(wall_seconds=4)  # the second for code that never ends


@pytest.fixture
def client(best) -> Client:
    return best.client


def cells(script: Path) -> Iterator[SourceCell]:
    """The code cells of a percent script."""
    parts = re.split(r"^# %%(.*)\n", script.read_text(), flags=re.MULTILINE)
    for number, (mark, source) in enumerate(zip(parts[1::2], parts[2::2], strict=True), 1):
        if "markdown" not in mark:
            yield SourceCell(str(number), source)


def submit(client: Client, script: Path, *, seed: int, probes: Path = PROBES, limits: RunLimits = PATIENCE) -> Told:
    return told(client.test(new_id(), list(cells(script)), str(probes), seed=seed, limits=limits))


def patience_with(script: Path) -> RunLimits:
    return LITTLE_PATIENCE if script.stem == "waits_forever" else PATIENCE


def points(run: Told) -> int:
    return sum(row["points"] for row in run.end["tests"] or [] if row["verdict"] == "passed")


@pytest.mark.parametrize("seed", range(3))
def test_the_model_solution_earns_every_point(client, seed):
    run = submit(client, EXAMPLE / "example/solution.py", seed=seed)
    assert (run.verdict, [row["verdict"] for row in run.end["tests"]], points(run)) == ("succeeded", ["passed"] * 4, 10)


def test_each_test_is_reported_as_soon_as_it_is_judged_and_all_at_the_end(client):
    """The last two tests train and show their progress, each after the earlier rows were sent."""
    run = submit(client, EXAMPLE / "example/solution.py", seed=1)
    assert [event["row"] for event in run.events if event["event"] == "tested"] == run.end["tests"]
    asked = [event["event"] for event in run.events if event["event"] in ("frame", "tested") and not event.get("cell")]
    assert [kind for kind, _ in itertools.groupby(asked)] == ["tested", "frame", "tested", "frame", "tested"]
    assert (asked.index("frame"), len(run.end["tests"])) == (2, 4)


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda path: path.stem)
def test_a_cheating_submission_earns_nothing(client, cheat):
    run = submit(client, cheat, seed=SEED, limits=patience_with(cheat))
    assert (run.verdict == "broken", points(run)) == (False, 0)


def test_the_same_submission_gets_the_same_rows_again(client):
    rows = [submit(client, EXAMPLE / "example/lab.py", seed=3).end["tests"] for _ in range(2)]
    assert rows[0] == rows[1]


def test_nothing_of_the_judge_reaches_the_client_or_the_learner(client, tmp_path):
    """The learner's own process searches for the probes: on disk, in its modules, in its memory's strings."""
    looker = tmp_path / "looker.py"
    looker.write_text(f"""# %%
import gc, os, sys
found = [name for name in sys.modules if 'judge' in name or 'examiner' in name]
found += [p for p in ({str(PROBES)!r}, os.path.dirname({str(PROBES)!r})) if os.access(p, os.R_OK)]
try:
    found += [open({str(PROBES)!r}).read()]
except OSError:
    pass
print(found)
""")
    assert submit(client, looker, seed=1).text == "[]\n"


LOOKING_JUDGE = """
import os, socket
from labs.runner.judge.authoring import Call

def found():
    seen = []
    for path in {paths!r}:
        try:
            seen.append(open(path).read())
        except OSError:
            pass
    try:
        open({marker!r}, "w").close()
        seen.append("written")
    except OSError:
        pass
    try:
        socket.create_connection(("127.0.0.1", {port}), timeout=1)
        seen.append("connected")
    except OSError:
        pass
    try:
        os.fork()
        seen.append("forked")
    except OSError:
        pass
    return str(seen)

PROBES = [Call(name="n", points=1, function="f", draw=lambda rng: (1,), accept=lambda *_: found(), message="Found:")]
"""


def test_the_tests_run_in_a_sandbox_too(client, tmp_path):
    """An author may write tests, and is not trusted with the host: no file, no network, no process."""
    secret, marker, probes = tmp_path / "secret.txt", tmp_path / "written", tmp_path / "probes.py"
    secret.write_text("the host's own")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        facts = {"paths": [str(secret), "/etc/passwd"], "marker": str(marker), "port": listening.getsockname()[1]}
        probes.write_text(LOOKING_JUDGE.format(**facts))
        run = told(client.test(new_id(), [SourceCell("1", "def f(x): return x")], str(probes), seed=1))
    assert ([row["message"] for row in run.end["tests"]], marker.exists()) == (["Found: []"], False)


def test_tests_that_forge_a_row_are_ours_and_not_the_learners(client, tmp_path):
    """What comes out of the judge's sandbox is checked like what comes out of the learner's."""
    probes = tmp_path / "probes.py"
    probes.write_text("""
from labs.runner import child
child.write(child.wire.pack("answer", {"say": "row"}, {"answer": b'{"name": "n", "points": "many"}'}))
""")
    run = submit(client, EXAMPLE / "example/solution.py", seed=1, probes=probes)
    assert (run.verdict, run.end["tests"]) == ("broken", None)


@pytest.mark.parametrize(("size", "most"), [(1, 200), (60_000, 17)], ids=["many", "large"])
def test_tests_that_report_endless_rows_are_ours_and_are_ended(client, tmp_path, size, most):
    """The supervisor keeps every row, so endless rows would take its memory and with it every session."""
    probes = tmp_path / "probes.py"
    probes.write_text(f"""
import json
from labs.runner import child
row = {{"name": "n", "points": 1, "tolerance": "", "verdict": "passed", "message": "m" * {size}}}
for _ in range(1000):
    child.write(child.wire.pack("answer", {{"say": "row"}}, {{"answer": json.dumps(row).encode()}}))
""")
    run = submit(client, EXAMPLE / "example/solution.py", seed=1, probes=probes)
    assert (run.verdict, run.end["tests"]) == ("broken", None)
    assert "too many results (the limit is 200 tests and 1 MiB)" in run.end["message"]
    assert len([event for event in run.events if event["event"] == "tested"]) == most


def test_a_broken_cell_is_not_judged(client, tmp_path):
    script = tmp_path / "broken.py"
    script.write_text("# %%\n1 / 0\n")
    run = submit(client, script, seed=1)
    assert (run.verdict, run.end["tests"]) == ("failed", None)


def test_probes_that_are_at_fault_are_ours_and_not_the_learners(client, tmp_path):
    probes = tmp_path / "probes.py"
    probes.write_text("PROBES = []\n")
    run = submit(client, EXAMPLE / "example/solution.py", seed=1, probes=probes)
    assert (run.verdict, run.end["tests"]) == ("broken", None)
    assert "has no PROBES" in run.end["message"]


def test_probes_that_end_their_process_are_ours_too(client, tmp_path):
    probes = tmp_path / "probes.py"
    probes.write_text("import os\nos._exit(3)\n")
    assert submit(client, EXAMPLE / "example/solution.py", seed=1, probes=probes).verdict == "broken"


def test_the_judges_start_is_not_in_the_learners_process(client, tmp_path):
    """Searches its frames and everything that the collector knows.

    The same code draws the same numbers under another judge seed.
    """
    seeds, script = (2**100 + 12345, 2**100 + 54321), tmp_path / "seeker.py"
    script.write_text(f"""# %%
import gc, sys
import numpy as np
wanted = [{seeds[0]} % 2**100 + 2**100, str({seeds[0]})]
frame, found = sys._getframe().f_back, []
while frame:
    found += [name for name, value in frame.f_locals.items() if value in (wanted[0], wanted[0] % 2**32)]
    frame = frame.f_back
found += [kept for kept in gc.get_objects() if type(kept) is dict and kept is not globals() and kept.get("seed") == wanted[0]]
print(found, np.random.rand())
""")
    texts = [submit(client, script, seed=seed).text for seed in seeds]
    assert (texts[0][:2], texts[0] == texts[1]) == ("[]", True)


ONE_PROBE = """
from labs.runner.judge.authoring import Call
PROBES = [Call(name="n", points=1, function="f", draw=lambda rng: (1,), reference=lambda x: {reference}, message="M.")]
"""


def judged(client: Client, tmp_path: Path, code: str, reference: str = "x", **limits: int) -> Told:
    (tmp_path / "probes.py").write_text(ONE_PROBE.format(reference=reference))
    cells = [SourceCell("1", code)]
    return told(client.test(new_id(), cells, str(tmp_path / "probes.py"), seed=1, limits=RunLimits(**limits)))


def test_an_answer_of_millions_of_lists_is_not_read(client, tmp_path):
    code = f"""{FORGE}
import time
def f(x):
    say(forge("answer", [("answer", b'{{"ok": [' + b"[]," * 25_000_000 + b"[]]}}")]))
    time.sleep(100)
"""
    run = judged(client, tmp_path, code, wall_seconds=60)
    assert [row["message"] for row in run.end["tests"]] == [
        "The answer has too many parts. Return an array instead of lists."
    ]


def test_an_answer_of_more_numbers_than_can_be_judged_is_refused(client, tmp_path):
    run = judged(
        client, tmp_path, "import numpy\ndef f(x): return numpy.zeros(60 << 20, dtype='int8')", wall_seconds=60
    )
    assert [row["message"] for row in run.end["tests"]] == ["M. The answer holds more than 16,777,216 numbers."]


def test_an_answer_that_takes_too_much_memory_is_wrong_and_not_our_fault(client, tmp_path):
    run = judged(client, tmp_path, "def f(x): return x", reference="bytearray(1 << 40)")
    assert [row["message"] for row in run.end["tests"]] == ["M. The answer takes too much memory to be judged."]


BURN = "next(n for n in iter(__import__('time').process_time, None) if n > {seconds})"


def test_the_judges_processor_time_is_the_learners(client, tmp_path):
    run = judged(client, tmp_path, "def f(x): return x", reference=BURN.format(seconds=3))
    assert run.verdict == "succeeded"
    assert run.end["usage"]["cpu_seconds"] > 2.5
    over = judged(client, tmp_path, "def f(x): return x", reference=BURN.format(seconds=1000), cpu_seconds=3)
    assert (over.verdict, over.end["tests"]) == ("timed_out", None)
