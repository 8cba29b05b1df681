"""The lab runner of this host, as its services use it."""

import os
import shutil
import socket
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from labs.runner.protocol import Cell, Client, Limits
from labs.runner.protocol import Refused as Refused  # what callers catch
from labs.runner.protocol import RunnerGone as RunnerGone

LONGEST_SILENCE = 1300  # seconds: the longest run and its tests may say nothing
QUICK_ANSWER = 5  # seconds, for what runs no code
TRIES = 3  # in which the runner may break before a run counts as broken
PROBES_KEPT = 86400  # seconds after the last use
HOST = socket.gethostname()


def client(timeout: float = LONGEST_SILENCE) -> Client:
    return Client(str(settings.RUNNER_SOCKET), timeout)


def run_cells(
    run_id: str, cells: list[dict[str, str]], *, session: str | None = None, runtime: str, limits: dict[str, int]
) -> Iterator[dict[str, Any]]:
    """Events of cells in a live session, or in a fresh process. Raises Refused, RunnerGone."""
    code = [Cell(**cell) for cell in cells]
    if session is not None:
        return client().cell(run_id, session, code)
    return client().run(run_id, code, runtime=runtime, limits=Limits(**limits))


def test_cells(
    run_id: str,
    cells: list[dict[str, str]],
    *,
    probes: Path,
    seed: int,
    files: dict[str, bytes],
    runtime: str,
    limits: dict[str, int],
) -> Iterator[dict[str, Any]]:
    """Events of all cells in a fresh process, the tests' rows in the last. Raises Refused, RunnerGone."""
    code = [Cell(**cell) for cell in cells]
    asked = {"seed": seed, "files": files, "runtime": runtime, "limits": Limits(**limits)}
    return client().test(run_id, code, str(probes), **asked)


def open_session(session: str, *, owner: str, runtime: str, limits: dict[str, int]) -> None:
    client(60).open(session, owner, runtime=runtime, limits=Limits(**limits))


def close_session(session: str) -> None:
    """One that is closed already is closed."""
    try:
        client(QUICK_ANSWER).close(session)
    except Refused:
        return


def put_file(folder: str, name: str, content: bytes) -> None:
    """Into the work folder of a live session. Raises Refused, RunnerGone."""
    client(QUICK_ANSWER).put(folder, name, content)


def remove_file(folder: str, name: str) -> None:
    client(QUICK_ANSWER).remove(folder, name)


def get_file(folder: str, name: str) -> bytes:
    """From the work folder of a session, or of a run that ended a moment ago. Raises Refused, RunnerGone."""
    return client(QUICK_ANSWER).get(folder, name)


def name_of(run_id: str, attempt: int) -> str:
    """What the runner calls an attempt at a run: the same from every worker, so that it attaches."""
    return f"{run_id}-{attempt}"


def stop_run(run_id: str) -> None:
    """Stop whichever attempt is going on. Raises RunnerGone."""
    for attempt in range(TRIES):
        client(QUICK_ANSWER).stop(name_of(run_id, attempt))


def status() -> dict[str, Any]:
    """tier, ready, reasons, self_test, capacity; `{"ready": False, "reasons": […]}` where no runner answers."""
    try:
        return client(QUICK_ANSWER).status()
    except (RunnerGone, Refused) as error:
        return {"ready": False, "tier": None, "reasons": [str(error)]}


def place_probes(files: dict[str, str]) -> Path:
    """The path of probes.py beside the files that it names, in a folder that is named by what they say."""
    said = sha256(repr(sorted(files.items())).encode()).hexdigest()
    folder = Path(settings.DATA) / "probes" / said
    for name, text in files.items():
        place = folder / name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            partly = place.with_name(f".{place.name}.{os.getpid()}")
            partly.write_text(text)
            partly.replace(place)
    os.utime(folder)
    return folder / "probes.py"


def remove_old_probes(now: float) -> int:
    """Folders that no test run asked for in the last day before `now`, a time since the epoch; the next one writes anew."""
    folders = (Path(settings.DATA) / "probes").glob("*/")
    old = [folder for folder in folders if now - folder.stat().st_mtime > PROBES_KEPT]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)
