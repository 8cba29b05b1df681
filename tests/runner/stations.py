"""The stations that run tests: which user starts the runner, and its tier. Stations that this machine lacks are left out."""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from labs.runner.supervisor.canaries import VARIABLE

PROJECT = Path(__file__).parents[2]
# Each process of pytest-xdist has separate users: one for runners not started by root, a thousand for the runs of those
# started by root, and a thousand more for a second such runner. A product that a test starts uses 58000 and more.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
UNPRIVILEGED = 57999 - WORKER
FIRST_USER = 40000 + 2000 * WORKER
FIRST_USER_OF_A_SECOND = FIRST_USER + 1000
TRIAL = """
import asyncio, sys, tempfile
from pathlib import Path
from labs.runner.__main__ import prepare
from labs.runner.supervisor.host import refuse_tier, try_tier
with tempfile.TemporaryDirectory() as work:
    prepare(Path(work))
    print(refuse_tier(sys.argv[1]) or asyncio.run(try_tier(sys.argv[1], Path(work), int(sys.argv[2]))) or "")
"""


@dataclass(frozen=True)
class Station:
    """`user` is the number of a user to switch to, or None for the user of the tests."""

    name: str
    user: int | None
    tier: str

    def popen(self, *command: str, cwd: Path = PROJECT, **options: object) -> subprocess.Popen:
        identity = {} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}
        common = {"cwd": cwd, "env": {VARIABLE: "planted"}, "text": True, "stdout": subprocess.PIPE}
        return subprocess.Popen(command, **common, **identity, **options)


def wanted() -> list[Station]:
    if os.geteuid() == 0:
        others = [Station("user", UNPRIVILEGED, "user"), Station("bare", UNPRIVILEGED, "bare")]
        return [Station("root", None, "root"), Station("bare-as-root", None, "bare"), *others]
    return [Station("user", None, "user"), Station("bare", None, "bare")]


def refusal(station: Station) -> str:
    """Return why the station is not available here, or ""."""
    with station.popen(sys.executable, "-c", TRIAL, station.tier, str(FIRST_USER), stderr=subprocess.STDOUT) as process:
        said = process.stdout.read().strip()
    return said or ("" if process.returncode == 0 else f"exit status {process.returncode}")


@cache
def offered() -> tuple[list[Station], list[str]]:
    """Return the stations of this machine, and a line for each that is left out."""
    reasons = {station: refusal(station) for station in wanted()}
    here = [station for station, reason in reasons.items() if not reason]
    return here, [f"runner {station.name}: left out ({reason})" for station, reason in reasons.items() if reason]
