"""The mutation score of every `rules` package: python -m tests.mutation, or with modules or folders to judge only those.

Each small wrong change to a rule (`changing.py`) must make a pure test fail, and so must each mistake that somebody
listed, in a rule or in the marking of a question type (`mistakes.toml`). One process collects the pure tests and
runs each of them once, to learn which lines it reaches. Then each mutant gets a fork of this process: the changed
function's code is put in place of the real one, and the tests that reach the changed line run, fastest first, until one
fails. Where importing the module runs the changed line, the fork imports the project again instead.

`survivors.toml` explains each mutant that no test notices. The run fails if a mutant survives that is not in there, if
one in there is noticed or no longer exists, or if tests notice fewer than 95 of 100 mutants of a package.
"""

import argparse
import functools
import gc
import json
import os
import re
import resource
import signal
import sys
import time
import tomllib
import warnings
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, Phase, settings

from tests.mutation.changing import Mutant, mutants_of
from tests.mutation.listed import listed_mutants

ROOT = Path(__file__).resolve().parent.parent.parent
TESTS = ("tests/rules", "tests/questions/test_marking.py", "tests/questions/test_authoring.py")
# It compares with what another process computes, where no rule is changed.
OTHER_PROCESS = "tests/rules/test_draw.py::test_another_process_with_another_hash_seed_draws_the_same"
LEAST = 95  # of 100 mutants of a package are noticed
TOOL = 4  # of sys.monitoring; debuggers, coverage and profilers have the smaller ones
LINE = sys.monitoring.events.LINE
MOST_MEMORY = 4 << 30  # bytes; a mutant that collects without end is noticed, too
SURVIVED, NOTICED, BROKEN = 0, 1, 70  # how a child ends
OPTIONS = (
    *("-s", "-x", "-c", os.devnull, "--rootdir", str(ROOT), "--noconftest", "--import-mode=importlib"),
    *("-W", "error", "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"),
    *("-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider", "-p", "no:terminal", "--hypothesis-profile=mutation"),
    *("--ignore=tests/rules/proofs", "--ignore=tests/rules/test_purity.py", f"--deselect={OTHER_PROCESS}"),
)
# The same examples every time. How long an example takes must not decide, and a failing one need not become small.
settings.register_profile(
    "mutation",
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

type CodeLine = tuple[str, int]


class Judge:
    """The plugin of pytest that runs each test once, and then the mutants."""

    def __init__(self, paths: list[str], jobs: int) -> None:
        listed = list(listed_mutants())
        self.mutants = [mutant for file in rules_in(paths) for mutant in mutants_of(file, (ROOT / file).read_text())]
        self.mutants += [mutant for mutant in listed if is_in(mutant.file, paths)]
        self.files, self.jobs = {mutant.file for mutant in self.mutants}, jobs
        self.rules = frozenset({*rules_in([]), *(mutant.file for mutant in listed)})
        self.problems: list[str] = []
        self.is_done = False
        self.survivors: list[Mutant] = []
        self.reaching: dict[CodeLine, list[pytest.Item]] = defaultdict(list)
        self.seconds: dict[pytest.Item, float] = {}
        self.run_by_import: set[CodeLine] = set()
        self.lines = self.run_by_import
        sys.monitoring.use_tool_id(TOOL, "mutation")
        sys.monitoring.register_callback(TOOL, LINE, self.saw)
        sys.monitoring.set_events(TOOL, LINE)

    def saw(self, code: CodeType, line: int) -> object:
        if (file := code.co_filename.removeprefix(f"{ROOT}/")) in self.rules:
            self.lines.add((file, line))
        return sys.monitoring.DISABLE

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(f"{report.nodeid}: {report.longrepr}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for file in self.rules:  # some tests import them only when they run
            import_module(module_name(file))
        self.find_functions()
        sys.monitoring.set_events(TOOL, 0)
        for function in (each for found in self.functions.values() for each in found):
            for code in codes_in(function.__code__):
                sys.monitoring.set_local_events(TOOL, code, LINE)
        for item in session.items:
            self.learn(item)
        sys.monitoring.free_tool_id(TOOL)
        if not self.problems:
            gc.freeze()
            self.judge()
        return True

    def find_functions(self) -> None:
        """Find the functions to change, by file, name and first line, and everything that keeps results of functions."""
        self.functions: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        self.caches = []
        for each in gc.get_objects():
            if isinstance(each, functools._lru_cache_wrapper):
                self.caches.append(each)
            elif isinstance(each, FunctionType):
                code = each.__code__
                if (file := code.co_filename.removeprefix(f"{ROOT}/")) in self.rules:
                    self.functions[file, code.co_qualname, code.co_firstlineno].append(each)

    def learn(self, item: pytest.Item) -> None:
        """Run a test against the real rules, and remember which of their lines it runs."""
        self.lines, began = set(), time.process_time()
        sys.monitoring.restart_events()
        if fails(item):
            self.problems.append(item.nodeid)
        self.seconds[item] = time.process_time() - began
        for line in self.lines:
            self.reaching[line].append(item)

    def judge(self) -> None:
        """Judge all mutants, once an unchanged module has survived being imported again: else everything would fail."""
        file = self.mutants[0].file
        same = Mutant("", file, "nothing", range(0), None, compile((ROOT / file).read_text(), file, "exec"))
        if [mutant for mutant, _ in self.survivors_of([same])] != [same]:
            self.problems.append(f"the tests fail when {file} is imported again without a change")
            return
        for mutant, has_broken in self.survivors_of(self.mutants):
            if has_broken:
                self.problems.append(f"could not judge {mutant.file} {mutant.name}")
            else:
                self.survivors.append(mutant)
        self.is_done = True

    def survivors_of(self, mutants: list[Mutant]) -> Iterator[tuple[Mutant, bool]]:
        """Give each mutant its fork, and yield those that no test noticed, with whether judging itself went wrong."""
        waiting, running = mutants[::-1], {}
        while waiting or running:
            while waiting and len(running) < self.jobs:
                mutant = waiting.pop()
                if child := os.fork():
                    running[child] = mutant
                else:
                    self.end_as_judged(mutant)
            child, status = os.wait()
            mutant, code = running.pop(child), os.waitstatus_to_exitcode(status)
            if code in {SURVIVED, BROKEN}:
                yield mutant, code == BROKEN

    def end_as_judged(self, mutant: Mutant) -> None:
        """In the child, run the tests that could notice the mutant, and end with the verdict."""
        verdict = BROKEN
        try:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
            items = self.tests_of(mutant)
            is_imported = self.is_imported(mutant)
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
            seconds = 10 + 20 * is_imported + 10 * sum(self.seconds[item] for item in items)
            signal.setitimer(signal.ITIMER_PROF, seconds)  # of processor time; the signal ends the child
            if is_imported:
                has_failed = self.fails_when_imported(mutant, items)
            else:
                self.put_in_place(mutant)
                has_failed = any(map(fails, items))
            verdict = NOTICED if has_failed else SURVIVED
        finally:
            os._exit(verdict)

    def is_imported(self, mutant: Mutant) -> bool:
        """Return whether importing runs the changed line, or the changed code does not fit into the function."""
        if mutant.function is None or any((mutant.file, line) in self.run_by_import for line in mutant.lines):
            return True
        functions = self.functions[mutant.file, *mutant.function]
        return any(each.__code__.co_freevars != changed_code(mutant).co_freevars for each in functions)

    def tests_of(self, mutant: Mutant) -> list[pytest.Item]:
        """Return the tests that reach a mutant's lines, fastest first. What a module defines when it is imported is reached
        by the tests that reach any line of it or of rules that import it, and by the tests that import it.
        """
        lines = [(mutant.file, line) for line in mutant.lines]
        found = set()
        if self.is_imported(mutant):
            users = importers_of(mutant.file, self.rules)
            lines = [line for line in self.reaching if line[0] in {mutant.file, *users}]
            tests = importers_of(mutant.file, frozenset(item.nodeid.partition("::")[0] for item in self.seconds))
            found = {item for item in self.seconds if item.nodeid.partition("::")[0] in tests}
        found |= {item for line in lines for item in self.reaching.get(line, ())}
        return sorted(found, key=lambda item: (self.seconds[item], item.nodeid))

    def put_in_place(self, mutant: Mutant) -> None:
        """Give the function its changed code, and forget the results that were kept."""
        assert mutant.function
        new = changed_code(mutant)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a generator that has lost its only `yield`
            for function in self.functions[mutant.file, *mutant.function]:
                function.__code__ = new
        for cache in self.caches:
            cache.cache_clear()

    def fails_when_imported(self, mutant: Mutant, items: list[pytest.Item]) -> bool:
        """Import the project again, with the mutant, and run the tests."""
        tests = [item.nodeid for item in items]
        ours = {folder.name for folder in ROOT.iterdir()}
        for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
            del sys.modules[name]
        sys.meta_path.insert(0, Finder(ChangedLoader(mutant)))
        return bool(tests) and pytest.main([*OPTIONS, *tests]) != pytest.ExitCode.OK


@functools.cache
def importers_of(file: str, files: frozenset[str]) -> list[str]:
    """Return those of these files that import a module, or name it."""
    package, _, name = module_name(file).rpartition(".")
    said = re.compile(rf"from {package} import .*\b{name}\b|\b{package}\.{name}\b")
    return [each for each in files if said.search((ROOT / each).read_text())]


class Finder:
    """Finds the loader of a mutant's code where its module is imported."""

    def __init__(self, loader: SourceFileLoader) -> None:
        self.loader = loader

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self.loader.name:
            return None
        return spec_from_file_location(name, self.loader.path, loader=self.loader)


class ChangedLoader(SourceFileLoader):
    """Gives a mutant's code for its module."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(module_name(mutant.file), str(ROOT / mutant.file))
        self.code = mutant.code

    def get_code(self, fullname: str) -> CodeType:
        return self.code


def module_name(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object and those inside it: of lambdas, generators and inner functions."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


def changed_code(mutant: Mutant) -> CodeType:
    """Return the code of the function that was changed."""
    (new,) = [code for code in codes_in(mutant.code) if (code.co_qualname, code.co_firstlineno) == mutant.function]
    return new


def fails(item: pytest.Item) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def rules_in(paths: list[str]) -> list[str]:
    """Return these modules of rules, and those in these folders; without paths, all there are."""
    folders = [
        folder for folder in (*ROOT.glob("*/rules"), *ROOT.glob("portal/*/rules")) if (folder / "__init__.py").exists()
    ]
    found = sorted(path.relative_to(ROOT).as_posix() for folder in folders for path in folder.glob("*.py"))
    return [path for path in found if is_in(path, paths)]


def is_in(file: str, paths: list[str]) -> bool:
    """Return whether a file is named here, or is in a folder that is. Without any names, every file counts."""
    return not paths or file.startswith(tuple(paths))


def explanations() -> dict[str, dict[str, str]]:
    """Return why mutants survive, by file and by the mutant's name."""
    written = tomllib.loads((ROOT / "tests/mutation/survivors.toml").read_text())
    return {file: {name: why for why, names in found.items() for name in names} for file, found in written.items()}


def report(judge: Judge, *, is_whole: bool) -> list[str]:
    """Print the score of each package, write the figures for docs/proofs.md, and return what is wrong."""
    wrong, figures = [], []
    explained = explanations()
    for file in sorted(judge.files):
        survivors = {mutant.name for mutant in judge.survivors if mutant.file == file}
        known = explained.get(file, {}).keys()
        wrong += [f"{file} survived: {name}" for name in sorted(survivors - known)]
        wrong += [f"{file} explained, but noticed or gone: {name}" for name in sorted(known - survivors)]
    for package in sorted({mutant.package for mutant in judge.mutants}):
        mutants, alive = (
            sum(mutant.package == package for mutant in found) for found in (judge.mutants, judge.survivors)
        )
        score = 100 * (mutants - alive) / mutants
        figures.append({"package": package, "mutants": mutants, "noticed": mutants - alive, "percent": f"{score:.1f}"})
        print(f"{package}: {mutants - alive} of {mutants} mutants noticed, {score:.1f} %")
        if score < LEAST:
            wrong.append(f"{package}: fewer than {LEAST} of 100 mutants are noticed")
    folder = ROOT / "build" / "proofs"
    if is_whole and not wrong:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mutation-score.json").write_text("\n".join(map(json.dumps, figures)))
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", help="modules or folders of rules; without any, all of them")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="only these tests; without any, all pure ones")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # else the order of a set could decide
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.mutation", *sys.argv[1:]])
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    began = time.monotonic()
    judge = Judge(given.paths, given.jobs)
    pytest.main([*OPTIONS, *given.tests], plugins=[judge])
    wrong = judge.problems + (report(judge, is_whole=not given.paths) if judge.is_done else [])
    print(*wrong, f"{time.monotonic() - began:.0f} seconds", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
