"""The supervisor with real processes: small programs of this file, no mocks."""

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import pytest

from config.server.processes import PATIENCE as PATIENCE_OF_SERVER
from config.up.__main__ import say
from config.up.address import Address
from config.up.children import Child
from config.up.programs import Program, all_programs
from config.up.steps import OURS_ALONE
from config.up.supervisor import Supervisor

FOREVER = "import signal; print('ready', flush=True); signal.pause()"
STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
while True:
    signal.pause()
"""
POLITE = """
import signal
signal.signal(signal.SIGTERM, lambda *_: print("I end", flush=True) or exit())
print("ready", flush=True)
while True:
    signal.pause()
"""
WAITS_FOR_THE_END = """
import os, select, signal
other = -1
while other < 0:
    try:
        other = os.pidfd_open(int(open(os.environ["OTHER"]).read()))
    except (FileNotFoundError, ValueError):  # it has not written its number yet
        pass
def finish(*_):
    select.select([other], [], [])
    print("the other has ended", flush=True)
    exit()
signal.signal(signal.SIGTERM, finish)
print("ready", flush=True)
while True:
    signal.pause()
"""
FAMILY = """
import os, signal
child = os.fork()
print("ready" if child else "child", os.getpid(), flush=True)
signal.pause()
"""


def program(code: str, name: str = "web", environ: dict[str, str] | None = None) -> Program:
    return Program(name, (sys.executable, "-c", code), environ or {})


@pytest.fixture
def handlers():
    """Restore signal handlers and the wake-up descriptor: the supervisor owns its process, a test does not."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def full_output() -> Iterator[None]:
    """Let standard output refuse what is written, as if it were a file on a full disk."""
    kept = os.dup(1)
    with open("/dev/full", "w") as full, open(1, "w", closefd=False) as output, redirect_stdout(output):
        os.dup2(full.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)


def run_until(
    folder: Path, programs: list[Program], is_enough: Callable[[Supervisor, str], bool]
) -> tuple[str, list[str]]:
    """Run until the log satisfies `is_enough`, then stop as Ctrl-C would. Return the log and the messages."""
    said: list[str] = []
    log = folder / "finalcheck.log"
    supervisor = Supervisor(programs, log, said.append)

    def each_tick(running: Supervisor) -> None:
        if is_enough(running, log.read_text() if log.exists() else ""):
            signal.raise_signal(signal.SIGINT)

    supervisor.run(each_tick)
    return log.read_text(), said


def has_ended(pid: int) -> bool:
    """Wait for the process to end, because a kill takes a moment. Return whether it has ended."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    ready, _, _ = select.select([descriptor], [], [], 60)
    os.close(descriptor)
    return bool(ready)


def test_every_line_is_logged_under_its_programs_name(tmp_path, handlers):
    programs = [program(FOREVER, "web"), program(FOREVER, "worker")]
    log, said = run_until(tmp_path, programs, lambda _, log: log.count("ready") == 2)
    assert sorted(line.split(" ", 1)[1] for line in log.splitlines()) == ["web     | ready", "worker  | ready"]
    assert said == []


def test_a_program_that_dies_is_restarted_and_reported(tmp_path, handlers):
    _, said = run_until(
        tmp_path, [program("print('hello'); raise SystemExit(3)")], lambda _, log: log.count("hello") == 2
    )
    assert said[0].startswith("web ended with status 3; it starts again in 1 s")


def test_the_wait_doubles_to_half_a_minute_and_a_steady_life_forgets_it():
    child = Child(program(FOREVER))
    assert [child.bury(float(at)) for at in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    child.started_at = 100.0
    assert child.bury(160.0) == 1


def test_a_program_that_had_served_starts_again_at_once_however_often_it_dies(tmp_path, handlers):
    serving = Program("web", (sys.executable, "-c", "print('serving', flush=True); raise SystemExit(3)"), {}, "serving")
    _, said = run_until(tmp_path, [serving], lambda _, log: log.count("serving") == 7)
    assert [line.partition(" (")[0] for line in said[:6]] == ["web ended with status 3; it starts again at once"] * 6


def test_only_the_programs_user_can_read_logs(tmp_path, handlers):
    before = os.umask(OURS_ALONE)
    try:
        run_until(tmp_path / "log", [program(FOREVER)], lambda _, log: "ready" in log)
    finally:
        os.umask(before)
    assert (tmp_path / "log" / "finalcheck.log").stat().st_mode & 0o077 == 0


def test_stopping_reaches_what_a_program_started_itself(tmp_path, handlers):
    log, _ = run_until(tmp_path, [program(FAMILY)], lambda _, log: "child" in log and "ready" in log)
    pids = [int(line.rsplit(" ", 1)[1]) for line in log.splitlines()]
    assert [has_ended(pid) for pid in pids] == [True, True]


def test_a_second_signal_kills_programs_that_ignore_the_first(tmp_path, handlers):
    main = threading.main_thread().ident
    later = threading.Timer(0.3, lambda: signal.pthread_kill(main, signal.SIGINT))

    def is_enough(running: Supervisor, log: str) -> bool:
        if "ready" in log and not later.is_alive():
            later.start()
            return True
        return False

    run_until(tmp_path, [program(STUBBORN)], is_enough)
    later.join()


def test_a_program_that_is_patient_finishes_its_work_after_an_impatient_one_was_killed(tmp_path, handlers):
    known = tmp_path / "pid"
    code = f"import os; open({str(known)!r}, 'w').write(str(os.getpid()))\n{STUBBORN}"
    hasty = Program("worker", (sys.executable, "-c", code), {}, patience=0.0)
    web = Program("web", (sys.executable, "-c", WAITS_FOR_THE_END), {"OTHER": str(known)}, patience=60.0)
    log, _ = run_until(tmp_path, [hasty, web], lambda _, log: log.count("ready") == 2)
    assert "the other has ended" in log


def test_only_the_server_of_pages_has_as_long_as_a_request_may_take():
    programs = all_programs(Address("127.0.0.1", 8000), {})
    assert {each.name: each.patience > PATIENCE_OF_SERVER for each in programs} == {
        "web": True,
        "worker": False,
        "runner": False,
    }


def test_a_program_gets_its_own_environment_and_no_other(tmp_path, handlers):
    show = program("import os, signal; print(sorted(os.environ), flush=True); signal.pause()", environ={"ONLY": "1"})
    log, _ = run_until(tmp_path, [show], lambda _, log: "ONLY" in log)
    assert log.rstrip().endswith("['LC_CTYPE', 'ONLY']")


def test_programs_run_and_stop_although_neither_the_log_nor_the_terminal_can_be_written(tmp_path, handlers):
    log = tmp_path / "finalcheck.log"
    log.symlink_to("/dev/full")
    steady = Program("web", (sys.executable, "-c", POLITE), {}, "ready")
    supervisor = Supervisor([steady, program("raise SystemExit(3)", "worker")], log, say)
    web, worker = supervisor.children

    def each_tick(_: Supervisor) -> None:
        if web.has_served and worker.deaths == 2:
            signal.raise_signal(signal.SIGINT)

    with full_output():
        supervisor.run(each_tick)
        say("Stopped")
    assert (web.deaths, web.status) == (0, 0)
