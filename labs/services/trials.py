"""Try a lab before anyone sees it. All of its code runs in a lab runner's sandbox, also that of its tests."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from labs import sandbox
from labs.rules.cells import code_cells, read_cells
from labs.rules.cheats import cheats
from labs.rules.limits import LONGEST, runner_limits
from labs.rules.probing import read_tests
from labs.rules.results import Rows
from labs.rules.variants import read_variants

PROJECT = Path(__file__).resolve().parents[2]
type RunnerEvent = dict[str, Any]

SEED = 1
UNFIT = "bad_request"  # the runner's word for what it can never run, such as a script without a cell of code
USERS = "56000"  # the first of a thousand host users, apart from those of a site's runner on this machine
LEARNERS = ("lab.py", "solution.py")  # the judge reads the other programs of a lab
EMPTY = "# %%\npass\n"
REHEARSAL = """
import json
from pathlib import Path

import labs.runner

for name, text in json.loads({texts!r}).items():
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
labs.runner.__path__.append(str(Path("program").resolve()))
from labs.runner.judge import ProbesBroken
from labs.runner.judge.rehearsal import rehearse

try:
    report = rehearse("lab/probes.py")
except ProbesBroken as error:
    report = {{"broken": str(error)}}
print("{mark}" + json.dumps(report) + "{mark}")
"""


@dataclass(frozen=True)
class Trial:
    """What was tried, and the problems with the result; empty if all is well."""

    name: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class TriedLab:
    """A lab's files by name, its runtime, and its limits as the author wrote them."""

    files: Mapping[str, str]
    runtime: str
    limits: dict[str, int]

    @property
    def probes(self) -> dict[str, str]:
        """Return what the judge reads."""
        return {name: text for name, text in self.files.items() if name.endswith(".py") and name not in LEARNERS}


@dataclass(frozen=True)
class PlannedTrial:
    """Code to be tested, and the tests that it must fail: those in `fails`, or all with `none_passes`."""

    name: str
    script: str
    fails: tuple[str, ...] = ()
    none_passes: bool = False


@dataclass(frozen=True)
class Rehearsed:
    """The trial of the near misses, and the names that the tests ask for; None if the tests cannot be used."""

    trial: Trial
    asked: Sequence[str] | None


# Run cells, judged by probes unless these are None, under limits in the runner's words, and yield the events.
type RunCells = Callable[[list[dict[str, str]], dict[str, str] | None, dict[str, int]], Iterable[RunnerEvent]]


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
                report = json.loads(process.stdout.readline() or "{}")
                if not report.get("ready"):
                    raise RuntimeError(f"the lab runner is not ready: {'; '.join(report.get('reasons', []))}")
                yield socket
            finally:
                process.terminate()


def at_runner(socket: Path, runtime: str, *, longest: int = LONGEST["wall"]) -> RunCells:
    """Return how cells are run in the runner at this socket, each run for at most so many seconds by the clock."""

    def run_cells(
        cells: list[dict[str, str]], probes: dict[str, str] | None, limits: dict[str, int]
    ) -> Iterable[RunnerEvent]:
        name = f"trial-{token_hex(6)}"
        try:
            yield from sandbox.try_cells(
                socket, name, cells, probes=probes, seed=SEED, runtime=runtime, limits=limits, longest=longest
            )
        except sandbox.Refused as error:
            yield end_of_refused(error)

    return run_cells


def end_of_refused(error: sandbox.Refused) -> RunnerEvent:
    """Return the end of a run that the runner refused: `failed` if it can never run such code, otherwise `broken`."""
    verdict = "failed" if error.code == UNFIT else "broken"
    return {"event": "finished", "verdict": verdict, "message": str(error), "tests": None}


def try_lab(lab: TriedLab, run_cells: RunCells) -> Iterator[Trial]:
    """Yield one trial after another: near misses, empty program, starter, model solution, variants, cheats."""
    rehearsed = rehearse_near_misses(lab, run_cells)
    yield rehearsed.trial
    for planned in planned_trials(lab, rehearsed.asked or ()) if rehearsed.asked is not None else ():
        yield run_trial(lab, planned, run_cells)


def planned_trials(lab: TriedLab, asked: Sequence[str]) -> list[PlannedTrial]:
    """Return the trials after that of the near misses. Raises ValueError with a sentence about variants.py."""
    model = lab.files.get("solution.py", "")
    variants = read_variants(lab.files.get("variants.py", ""))
    return [
        PlannedTrial("an empty program fails every test", EMPTY, none_passes=True),
        PlannedTrial("the starter fails every test", lab.files.get("lab.py", ""), none_passes=True),
        PlannedTrial("the model solution passes", model),
        *(
            PlannedTrial(
                f"{'wrong' if variant.fails else 'right'}: {variant.name}", variant.solution(model), variant.fails
            )
            for variant in variants
        ),
        *(PlannedTrial(f"cheat: {does}", code, none_passes=True) for does, code in cheats(asked).items() if asked),
    ]


def rehearse_near_misses(lab: TriedLab, run_cells: RunCells) -> Rehearsed:
    """Try the near misses with the judge's own program. It runs in a sandbox, because the author wrote the probes."""
    judge = PROJECT / "labs/runner/judge"
    texts = {f"program/judge/{path.name}": path.read_text(encoding="utf-8") for path in judge.glob("*.py")}
    texts |= {f"lab/{name}": text for name, text in lab.probes.items()}
    mark = token_hex(8)
    source = REHEARSAL.format(texts=json.dumps(texts), mark=mark)
    printed, end = "", {"verdict": "broken", "message": ""}
    for event in run_cells([{"id": "rehearsal", "source": source}], None, runner_limits(LONGEST)):
        if event["event"] == "frame":
            printed += event["data"].get("text/plain", "")
        elif event["event"] == "finished":
            end = event
    parts = printed.split(mark)
    if end["verdict"] != "succeeded" or len(parts) < 3:
        problem = f"The near misses could not be tried: {end['message'] or printed.strip()[-300:] or end['verdict']}"
        return Rehearsed(Trial("near misses", (problem,)), None)
    report: dict[str, Any] = json.loads(parts[-2])
    if "broken" in report:
        return Rehearsed(Trial("near misses", (f"probes.py cannot be used: {report['broken']}",)), None)
    return Rehearsed(Trial(f"{report['near_misses']} near misses", tuple(report["problems"])), report["asked"])


def run_trial(lab: TriedLab, planned: PlannedTrial, run_cells: RunCells) -> Trial:
    """Run the code of a trial with the lab's tests, and say what is wrong with their results."""
    *_, end = run_cells(code_cells(read_cells(planned.script)), lab.probes, runner_limits(lab.limits))
    is_expected = (
        planned.none_passes and end["verdict"] != "broken"
    )  # a broken run does not show whether the tests work
    if end["verdict"] != "succeeded" and not is_expected:
        return Trial(planned.name, (f"The run ended as {end['verdict']}: {end['message']}",))
    rows = end["tests"] or []
    passed = [row["name"] for row in rows if row["verdict"] == "passed"]
    if planned.none_passes:
        return Trial(planned.name, tuple(f"“{test}” passes." for test in passed))
    if planned.fails:
        names = {row["name"] for row in rows}
        unknown = [f"There is no test “{test}”." for test in planned.fails if test not in names]
        return Trial(planned.name, (*unknown, *(f"“{test}” passes." for test in planned.fails if test in passed)))
    failed = [row for row in rows if row["name"] not in passed]
    problems = [f"“{row['name']}”: {row['message']}" for row in failed]
    return Trial(planned.name, (*problems, *_unlike_listed(lab, rows)))


def _unlike_listed(lab: TriedLab, rows: Rows) -> list[str]:
    """Return what is wrong if other tests ran than those that PROBES lists, which decide what the lab is worth."""
    try:
        listed = [(test["name"], test["points"]) for test in read_tests(lab.files.get("probes.py", ""))]
    except ValueError as error:
        return [f"probes.py: {error}."]
    ran = [(row["name"], row["points"]) for row in rows]
    if ran == listed:
        return []
    texts = [", ".join(f"“{name}” ({points})" for name, points in tests) or "none" for tests in (listed, ran)]
    return [f"PROBES lists the tests {texts[0]}, but those that ran are {texts[1]}."]
