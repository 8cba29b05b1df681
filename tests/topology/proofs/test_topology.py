"""The whole site on eight machines, with every part killed, cut off and slowed in turn, then upgraded (python -m tests.topology)."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FIGURES = ROOT / "build" / "proofs" / "topology.json"
LONGEST = 1200  # seconds


def test_no_answer_and_no_run_is_lost_and_pages_come_back_whatever_part_fails():
    command = (sys.executable, "-m", "tests.topology", "--figures", str(FIGURES))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    figures = json.loads(FIGURES.read_text())
    assert (figures["acknowledged answers lost"], figures["runs without a verdict"]) == (0, 0)
    assert (figures["upgrade: requests with status 5xx"], figures["upgrade: requests that failed"]) == (0, 0)
