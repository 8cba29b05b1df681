"""The code of the last release, taken from git, works beside today's: web hosts on the same tables, workers and runners."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from labs.runner.protocol import FIRST_PROTOCOL
from tests.runner.conftest import start
from tests.runner.stations import offered
from tests.runner.talk import cells_of, new_id, open_session, run_code, run_in, told
from tests.runner.test_held_out import WEIGHTS, probes_named
from tests.topology.previous import last_release

ROOT = Path(__file__).resolve().parents[3]
FIGURES = ROOT / "build" / "proofs" / "upgrade-from-the-last-release.json"
# A worker of the last release: it runs code in a session of the runner at a socket.
OLD_WORKER = """
import sys
from labs.runner.protocol import Cell, Client
client = Client(sys.argv[1], timeout=120)
client.open("s", "o")
for source in ("x = 6 * 7", "print(x)"):
    for event in client.cell(f"old-{source}", "s", [Cell("1", source)]):
        if event["event"] == "frame":
            print(event["data"]["text/plain"], end="")
print(event["verdict"], client.status()["ready"])
client.close("s")
"""


@pytest.fixture(scope="module")
def old():
    return last_release()


def test_learners_save_at_both_versions_and_lose_nothing():
    command = (sys.executable, "-m", "tests.topology.previous", "--figures", str(FIGURES))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    figures = json.loads(FIGURES.read_text())
    assert (figures["acknowledged answers lost"], figures["requests with status 5xx"]) == (0, 0)


def test_todays_worker_uses_a_runner_of_the_last_release(old, tmp_path):
    with ExitStack() as stack:
        warm = start(offered()[0][0], stack, cwd=old.code)
        assert warm.client.status().get("protocol", FIRST_PROTOCOL) == FIRST_PROTOCOL
        assert run_code(warm.client, "print(1)").text == "1\n"
        session = open_session(warm.client)
        run_in(warm.client, session, "x = 5")
        assert run_in(warm.client, session, "print(x)").text == "5\n"
        (tmp_path / "probes.py").write_text(probes_named("h"))
        (tmp_path / "held.py").write_text("def score(weights): return float(weights.sum())")
        run = told(warm.client.test(new_id(), cells_of(WEIGHTS), str(tmp_path / "probes.py"), seed=1))
        assert [row["verdict"] for row in run.end["tests"]] == ["passed"]


def test_a_worker_of_the_last_release_uses_todays_runner(old):
    with ExitStack() as stack:
        warm = start(offered()[0][0], stack)
        command = (sys.executable, "-c", OLD_WORKER, warm.client.path)
        done = subprocess.run(command, cwd=old.code, env=old.environ({}), capture_output=True, text=True, timeout=300)
        assert (done.stdout, done.stderr) == ("42\nsucceeded True\n", "")
