"""Every attack, on SQLite and on PostgreSQL with two web processes, and behind nginx: saves within a second."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.rounds import one_database

pytestmark = one_database
ROOT = Path(__file__).resolve().parents[3]
FIGURES = ROOT / "build" / "proofs" / "attacks.json"


@pytest.mark.parametrize(
    "options", [(), ("--database", "postgresql"), ("--nginx",)], ids=["sqlite", "postgresql", "nginx"]
)
def test_a_learner_saves_and_hands_in_and_others_sign_in_while_the_site_is_attacked(options):
    command = (sys.executable, "-m", "tests.attacks", "--figures", str(FIGURES), *options)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
