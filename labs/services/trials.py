"""Try a lab before anyone sees it: in a separate runner, without a database."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from labs import sandbox
from labs.rules.cells import code_cells, read_cells
from labs.rules.cheats import cheats
from labs.rules.limits import runner_limits
from labs.rules.variants import read_variants

PROJECT = Path(__file__).resolve().parents[2]
type Told = dict[str, Any]  # what another program said, as JSON

SEED = 1
USERS = "56000"  # the first of a thousand host users, apart from those of a site's runner on this machine


@dataclass(frozen=True)
class Trial:
    """What was tried, and what is wrong with the result; nothing if it is as it should be."""

    name: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class TriedLab:
    """A lab's folder, runtime and limits."""

    folder: Path
    runtime: str
    limits: dict[str, int]

    def text(self, name: str) -> str:
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""


@contextmanager
def own_runner() -> Iterator[Path]:
    """Start a lab runner that ends with the block, and yield its socket. Raises RuntimeError if it is not ready."""
    with tempfile.TemporaryDirectory(prefix="lab-trials-") as folder:
        Path(folder).chmod(0o711)  # the users of runs must reach their folders in it
        socket = Path(folder) / "socket"
        command = [sys.executable, "-m", "labs.runner", "--socket", str(socket), "--work", f"{folder}/work"]
        with subprocess.Popen(
            [*command, "--zygotes", "1", "--uid-base", USERS],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                said = json.loads(process.stdout.readline() or "{}")
                if not said.get("ready"):
                    raise RuntimeError(f"the lab runner is not ready: {'; '.join(said.get('reasons', []))}")
                yield socket
            finally:
                process.terminate()


def try_lab(lab: TriedLab, runner: Path) -> Iterator[Trial]:
    """Yield one trial after another: near misses, starter, model solution, variants, cheats."""
    found = _rehearse(lab)
    yield Trial(f"{len(found['near_misses'])} near misses", tuple(found["problems"]))
    model = lab.text("solution.py")
    yield _trial(lab, runner, "the starter fails every test", lab.text("lab.py"), none_passes=True)
    yield _trial(lab, runner, "the model solution passes", model)
    for variant in read_variants(lab.text("variants.py")):
        name = f"{'wrong' if variant.fails else 'right'}: {variant.name}"
        yield _trial(lab, runner, name, variant.solution(model), fails=variant.fails)
    for does, code in cheats(found["asked"]).items():
        yield _trial(lab, runner, f"cheat: {does}", code, none_passes=True)


def _rehearse(lab: TriedLab) -> Told:
    """Try the near misses in the judge's own program, because probes.py imports the judge."""
    command = [sys.executable, "-m", "labs.runner.judge.rehearsal", str((lab.folder / "probes.py").resolve())]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason was given"]
        raise ValueError(f"{lab.folder / 'probes.py'} cannot be used: {lines[-1]}")
    rehearsed: Told = json.loads(done.stdout)
    return rehearsed


def _trial(
    lab: TriedLab, runner: Path, name: str, script: str, *, fails: tuple[str, ...] = (), none_passes: bool = False
) -> Trial:
    end = _end_of_run(lab, runner, script)
    if end["verdict"] != "succeeded" and not none_passes:
        return Trial(name, (f"The run ended as {end['verdict']}: {end['message']}",))
    rows = end["tests"] or []
    passed = [row["name"] for row in rows if row["verdict"] == "passed"]
    if none_passes:
        return Trial(name, tuple(f"“{test}” passes." for test in passed))
    if fails:
        unknown = [f"There is no test “{test}”." for test in fails if test not in {row["name"] for row in rows}]
        return Trial(name, (*unknown, *(f"“{test}” passes." for test in fails if test in passed)))
    return Trial(name, tuple(f"“{row['name']}”: {row['message']}" for row in rows if row["name"] not in passed))


def _end_of_run(lab: TriedLab, runner: Path, script: str) -> Told:
    return sandbox.try_cells(
        runner,
        f"trial-{token_hex(6)}",
        code_cells(read_cells(script)),
        probes=(lab.folder / "probes.py").resolve(),
        seed=SEED,
        runtime=lab.runtime,
        limits=runner_limits(lab.limits),
    )
