"""A runner whose sandbox has a hole, made on purpose in a copy of its program, takes no work and says why."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from labs.runner.protocol import Refused
from tests.runner.conftest import start
from tests.runner.stations import PROJECT, offered
from tests.runner.talk import open_session, run_code

BEST = offered()[0][0]
LEFT_OUT = shutil.ignore_patterns("__pycache__", "migrations")


def copied(tmp: Path, module: str, change: Callable[[str], str]) -> Path:
    """A copy of the program with one module changed, readable by every user."""
    for folder in ("labs", "labs/runner"):
        (tmp / folder).mkdir()
        shutil.copy(PROJECT / folder / "__init__.py", tmp / folder)
    shutil.copytree(PROJECT / "labs/runner", tmp / "labs/runner", dirs_exist_ok=True, ignore=LEFT_OUT)
    path = tmp / "labs/runner" / module
    changed = change(path.read_text())
    assert changed != path.read_text()
    path.write_text(changed)
    return tmp


def let_fork(source: str) -> str:
    return source.replace('"read": 0,', '"read": 0, "fork": 57,')


def leave_out_landlock(source: str) -> str:
    return source.replace("    version = abi()\n    if version", "    return\n    version = abi()\n    if version")


def leave_out_seccomp(source: str) -> str:
    return source.replace("def apply() -> None:", "def apply() -> None:\n    return\n\n\ndef unused() -> None:")


def keep_capabilities(source: str) -> str:
    return source.replace(
        "def drop_capabilities() -> None:", "def drop_capabilities() -> None:\n    return\n\n\ndef unused():"
    )


HOLES = {
    "one call too many": ("sandbox/calls.py", let_fork, "fork_by_raw_system_call"),
    "no Landlock": ("sandbox/landlock.py", leave_out_landlock, "open_what_is_mounted_and_sealed"),
    "no filter": ("sandbox/seccomp.py", leave_out_seccomp, "fork_a_process"),
    "capabilities kept": ("sandbox/identity.py", keep_capabilities, "have_a_capability"),
}


@pytest.fixture
def open_tmp(tmp_path_factory):
    """A folder that a runner of another user can read too."""
    path = tmp_path_factory.mktemp("copy")
    for folder in (path, path.parent, path.parent.parent):
        folder.chmod(0o755)
    return path


@pytest.mark.parametrize("name", HOLES)
def test_a_runner_with_a_hole_takes_no_work_and_names_the_attack(name, open_tmp):
    module, change, attack = HOLES[name]
    with ExitStack() as stack:
        holed = start(BEST, stack, cwd=copied(open_tmp, module, change))
        assert (holed.said["ready"], attack in {reason.split(":")[0] for reason in holed.said["reasons"]}) == (
            False,
            True,
        )
        for ask in (lambda: run_code(holed.client, "1"), lambda: open_session(holed.client)):
            with pytest.raises(Refused) as refused:
                ask()
            assert refused.value.code == "unsafe"
        assert holed.client.status()["ready"] is False


def test_a_runner_whose_layer_cannot_be_had_takes_no_work_and_names_the_layer(open_tmp):
    def ask_for_too_new_a_kernel(source: str) -> str:
        return source.replace("LEAST_ABI = 3", "LEAST_ABI = 999")

    with ExitStack() as stack:
        without = start(BEST, stack, cwd=copied(open_tmp, "sandbox/landlock.py", ask_for_too_new_a_kernel))
        assert without.said["ready"] is False
        assert "Landlock: Landlock ABI" in without.said["reasons"][0]


def test_a_warm_runner_with_a_second_thread_is_replaced_by_a_fresh_one(open_tmp):
    """The first one of this copy starts a thread after its imports; it must not be forked, and the next one is."""

    def start_a_thread_once(source: str) -> str:
        return (
            source
            + f"""

def warm(runtime, warm=warm, marker={str(open_tmp / "marker")!r}):
    warm(runtime)
    if not os.path.exists(marker):
        open(marker, "w").close()
        import threading, time
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
"""
        )

    open_tmp.chmod(0o777)
    with ExitStack() as stack:
        warm = start(BEST, stack, cwd=copied(open_tmp, "kernel/warming.py", start_a_thread_once))
        assert (warm.said["ready"], (open_tmp / "marker").exists()) == (True, True)
        assert run_code(warm.client, "print(1)").text == "1\n"
