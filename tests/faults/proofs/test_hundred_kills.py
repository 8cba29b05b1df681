"""A hundred kills and ten thousand acknowledged saves: nothing is lost (python -m tests.faults)."""

import json
import random
import subprocess
import sys
from pathlib import Path

from tests.conftest import on_postgresql

ROOT = Path(__file__).resolve().parents[3]
FIGURES = ROOT / "build" / "proofs" / "kills.json"
LONGEST = 1400  # seconds
KILLS, SAVES = 100, 10_000


def test_nothing_acknowledged_is_lost_in_a_hundred_kills_and_every_invariant_holds():
    database = "postgresql" if on_postgresql() else "sqlite"
    options = ("--database", database, "--kills", str(KILLS), "--saves", str(SAVES), "--seed", str(random_seed()))
    command = (sys.executable, "-m", "tests.faults", *options, "--figures", str(FIGURES))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST)
    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-2000:]
    figures = json.loads(FIGURES.read_text().splitlines()[-1])
    assert figures["kills"] >= KILLS
    assert figures["acknowledged saves"] >= SAVES


def random_seed() -> int:
    return random.SystemRandom().randrange(1_000_000)
