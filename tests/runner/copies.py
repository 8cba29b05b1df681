"""Copies of the runner's program in which something is broken on purpose."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.runner.stations import PROJECT

LEFT_OUT = shutil.ignore_patterns("__pycache__", "migrations")


def copied(tmp: Path, module: str, change: Callable[[str], str]) -> Path:
    """A copy of the program with one module changed, readable by every user."""
    for folder in ("labs", "labs/runner"):
        (tmp / folder).mkdir()
        shutil.copy(PROJECT / folder / "__init__.py", tmp / folder)
    shutil.copytree(PROJECT / "labs/runner", tmp / "labs/runner", dirs_exist_ok=True, ignore=LEFT_OUT)
    change_module(tmp, module, change)
    return tmp


def patient_copy(tmp: Path) -> Path:
    """A copy that waits longer for a client, which a busy machine may keep from speaking."""
    return copied(tmp, "supervisor/server.py", wait_longer)


def wait_longer(source: str) -> str:
    return source.replace("HANDSHAKE_SECONDS, REQUEST_SECONDS = 5, 10", "HANDSHAKE_SECONDS, REQUEST_SECONDS = 30, 30")


def short_copy(tmp: Path) -> Path:
    """A copy that has no memory left while there is a file named `short` in its folder."""
    return copied(tmp, "supervisor/host.py", lose_memory)


def lose_memory(source: str) -> str:
    look = '    with open("/proc/meminfo") as meminfo:\n'
    return source.replace(look, f'    if os.path.exists("short"):\n        return 0\n{look}')


def change_module(tmp: Path, module: str, change: Callable[[str], str]) -> None:
    path = tmp / "labs/runner" / module
    changed = change(path.read_text())
    assert changed != path.read_text()
    compile(changed, module, "exec")
    path.write_text(changed)
