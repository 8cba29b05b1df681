"""Mutants of the rules and of marking: each breaks one promise, and a test must notice every one.

`python tests/mutants.py` judges all of them, `--every N` every N-th. A mutant is one changed line of a rules module. It
is judged in a forked process in which importing that module compiles the changed text: first by the module's own tests,
then, if they all pass, by all tests of rules and types that need no Django. A mutant is killed if a test fails. A
mutant that breaks collection, or that no test imported, is a mistake in this list and counts as alive. The unchanged
rules are judged first, in the same way, and must pass.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import IO

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
ALL_TESTS = ("tests/rules", "tests/types/test_marking.py", "tests/types/test_authoring.py")
# Converting text to HTML has a separate list of mistakes, because it decides nothing about grades.
LEFT_OUT = ("tests/rules/proofs", "tests/rules/test_markup.py", "tests/rules/test_purity.py")
HANGS_AFTER = 60  # seconds of processor time; a mutant that never returns is noticed, too
PASSED, FAILED, BROKEN = 0, 1, 3  # pytest's exit codes

sys.path.insert(0, str(ROOT))


@dataclass(frozen=True)
class Mutant:
    """One changed line; `original` occurs exactly once in `file`."""

    file: str
    name: str
    original: str
    mutated: str

    @property
    def module(self) -> str:
        return self.file.removesuffix(".py").replace("/", ".")

    @property
    def text(self) -> str:
        source = (ROOT / self.file).read_text()
        if source.count(self.original) != 1:
            raise ValueError(f"“{self.original}” stands {source.count(self.original)} times in {self.file}")
        return source.replace(self.original, self.mutated)

    @property
    def own_tests(self) -> str:
        path = Path(self.file)
        folder = "types" if "types" in path.parts else "rules"
        if folder == "types":
            own = "test_marking.py" if path.stem == "marking" else "test_authoring.py"
        else:
            own = OWN_TESTS.get(path.stem, f"test_{path.stem}.py")
        return f"tests/{folder}/{own}"


OWN_TESTS = {
    "counting": "test_arithmetic.py",
    "membership": "test_policies.py",
    "records": "test_charts.py",
}


class Loader(SourceFileLoader):
    """Compiles a mutant's text in place of its module's, and records that it did."""

    was_used = False

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, str(ROOT / mutant.file))
        self.text = mutant.text

    def get_code(self, fullname: str) -> CodeType:
        self.was_used = True
        return compile(self.text, self.path, "exec")


class Finder:
    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        if name != self.loader.name:
            return None
        return spec_from_file_location(name, self.loader.path, loader=self.loader)


@dataclass(frozen=True)
class Verdict:
    """Whether a test noticed the mutant, and pytest's output."""

    is_killed: bool
    output: str


@dataclass(frozen=True)
class Trial:
    """A child process that runs the tests against one mutant, or with None against the unchanged rules."""

    mutant: Mutant | None
    output: IO[bytes]

    @classmethod
    def start(cls, mutant: Mutant | None) -> tuple[int, "Trial"]:
        """Return the child's process id and its trial."""
        trial = cls(mutant, tempfile.TemporaryFile())  # noqa: SIM115  # `verdict` closes it
        sys.stdout.flush()
        if child := os.fork():
            return child, trial
        code = BROKEN
        try:
            code = run_tests(mutant, trial.output.fileno())
        finally:
            os._exit(code)

    def verdict(self, status: int) -> Verdict:
        has_hung = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF
        with self.output as output:
            output.seek(0)
            return Verdict(has_hung or os.waitstatus_to_exitcode(status) == FAILED, output.read().decode())


def run_tests(mutant: Mutant | None, output: int) -> int:
    """In the child, run pytest with the mutant in place of its module. Return the exit code of the first run that did not pass."""
    signal.setitimer(signal.ITIMER_PROF, HANGS_AFTER)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(ROOT)
    if mutant is None:
        return int(pytest.main([*OPTIONS, *ALL_TESTS]))
    loader = Loader(mutant)
    sys.meta_path.insert(0, Finder(loader))
    code = pytest.main([*OPTIONS, mutant.own_tests]) or pytest.main([*OPTIONS, *ALL_TESTS])
    if not loader.was_used:
        print(f"no test imported {mutant.module}", flush=True)
        return PASSED
    return int(code)


def judge(mutants: Iterable[Mutant | None], jobs: int = 1) -> Iterator[tuple[Mutant | None, Verdict]]:
    """Yield every mutant with its verdict, in order of completion."""
    waiting, running = list(mutants), {}
    with tempfile.TemporaryDirectory() as examples:
        # An example that fails for a mutant must not be remembered against the real rules.
        os.environ |= {"HYPOTHESIS_STORAGE_DIRECTORY": examples, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        while waiting or running:
            while waiting and len(running) < jobs:
                child, trial = Trial.start(waiting.pop(0))
                running[child] = trial
            child, status = os.wait()
            trial = running.pop(child)
            yield trial.mutant, trial.verdict(status)


REWRITE = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
OPTIONS = (
    *("-q", "-x", "--tb=no", "-c", os.devnull, "--rootdir", str(ROOT), "--noconftest", "--import-mode=importlib"),
    *("-W", "error", "-W", REWRITE, "--hypothesis-profile=ci"),  # which tries the same examples every time
    *("-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider"),
    *(f"--ignore={path}" for path in LEFT_OUT),
)


def main() -> int:
    assert hypothesis.__version__  # loaded once, here, for every child
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="judge each N-th mutant only")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    chosen = MUTANTS[:: given.every]
    began = time.monotonic()
    for mutant in MUTANTS:
        compile(mutant.text, mutant.file, "exec")  # a mistake in the list does not count as a kill
    [(_, unchanged)] = judge([None])
    if unchanged.is_killed or " passed" not in unchanged.output:
        print(unchanged.output, "The unchanged rules do not pass their own tests.", sep="\n")
        return 2
    alive = [(mutant, verdict) for mutant, verdict in judge(chosen, given.jobs) if not verdict.is_killed]
    for mutant, verdict in alive:
        print(f"ALIVE {mutant.file}: {mutant.name}\n- {mutant.original}\n+ {mutant.mutated}\n{verdict.output}")
    seconds = time.monotonic() - began
    print(f"mutants: {len(chosen) - len(alive)} of {len(chosen)} killed in {seconds:.0f} s")
    if chosen == MUTANTS:
        write_figures({"mutants": len(chosen), "killed": len(chosen) - len(alive), "seconds": round(seconds)})
    return 1 if alive else 0


def write_figures(figures: dict[str, int]) -> None:
    """Write the figures for docs/proofs.md."""
    folder = ROOT / "build" / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mutants.json").write_text(json.dumps(figures))


MUTANTS = [
    Mutant(file, name, original, mutated)
    for file, changes in tomllib.loads((ROOT / "tests" / "mutants.toml").read_text()).items()
    for name, (original, mutated) in changes.items()
]

if __name__ == "__main__":
    sys.exit(main())
