"""Where a runner is tried: which user starts it and which tier it then has. What this machine does not offer is left out."""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from labs.runner.supervisor.canaries import VARIABLE

PROJECT = Path(__file__).parents[2]
# A user of nobody's; runs as root get users of their own from 58000 on.
UNPRIVILEGED = 57999
TRIAL = """
import asyncio, sys, tempfile
from pathlib import Path
from labs.runner.__main__ import prepare
from labs.runner.supervisor.host import refuse_tier, try_tier
with tempfile.TemporaryDirectory() as work:
    prepare(Path(work))
    print(refuse_tier(sys.argv[1]) or asyncio.run(try_tier(sys.argv[1], Path(work), 58000)) or "")
"""


@dataclass(frozen=True)
class Station:
    """`user` is a number to change to, or None for the user of the tests."""

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
    """Why the station cannot be had here; empty if it can."""
    with station.popen(sys.executable, "-c", TRIAL, station.tier, stderr=subprocess.STDOUT) as process:
        said = process.stdout.read().strip()
    return said or ("" if process.returncode == 0 else f"exit status {process.returncode}")


@cache
def offered() -> tuple[list[Station], list[str]]:
    """The stations to be had on this machine, and a line for each that is left out."""
    reasons = {station: refusal(station) for station in wanted()}
    here = [station for station, reason in reasons.items() if not reason]
    return here, [f"runner {station.name}: left out ({reason})" for station, reason in reasons.items() if reason]
