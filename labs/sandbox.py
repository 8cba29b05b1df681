"""The interface of the lab runners for the labs' services.

`at` names a runner host: one of FINALCHECK_RUNNERS, or this machine if there are none.
"""

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

from foundation.tracing import trace_here
from labs.runner.protocol import (
    CAPS,
    FIRST_PROTOCOL,
    PROTOCOL,
    Client,
    RemoteRunner,
    RunLimits,
    SourceCell,
    misunderstanding,
)
from labs.runner.protocol import Refused as Refused  # re-exported for callers to catch
from labs.runner.protocol import RunnerGone as RunnerGone

SLACK = 30  # seconds after the time at which the runner itself ends a run
QUICK_ANSWER = 5  # seconds, for requests that do not run code
TRIES = 3  # how often the runner may break before a run counts as broken
PROBES_KEPT = 86400  # seconds after the last use
HOST = socket.gethostname()


away: set[str] = set()  # hosts that did not answer this process, or refused it; until the next look at them


def runner_names() -> list[str]:
    """Return the names of the runners that workers here use: on other machines, or on this one."""
    return list(settings.RUNNERS) or [HOST]


def keys_folder() -> Path:
    """Return the folder of the certificates for runners on other machines."""
    return Path(settings.DATA) / "runners"


def runner_address(at: str) -> str | RemoteRunner:
    if not settings.RUNNERS:
        return str(settings.RUNNER_SOCKET)
    if at not in settings.RUNNERS:
        raise RunnerGone(f"FINALCHECK_RUNNERS names no host {at}.")
    host, port = settings.RUNNERS[at]
    return RemoteRunner(at, host, port, str(keys_folder()))


def client(at: str, timeout: float) -> Client:
    return Client(runner_address(at), timeout, trace=trace_here())


def client_for(at: str, limits: RunLimits, *, is_tested: bool = False) -> Client:
    """Return a client that waits exactly as long as a run under these limits may take."""
    within = limits.longest_run(is_tested=is_tested) + SLACK
    return Client(runner_address(at), within=within, trace=trace_here())


def run_cells(
    at: str,
    run_id: str,
    cells: list[dict[str, str]],
    *,
    session: str | None = None,
    runtime: str,
    limits: dict[str, int],
) -> Iterator[dict[str, object]]:
    """Yield the events of cells in a live session, or in a fresh process without one. Raises Refused, RunnerGone."""
    code, own = [SourceCell(**cell) for cell in cells], RunLimits(**limits)
    if session is not None:
        return client_for(at, own).cell(run_id, session, code)
    return client_for(at, own).run(run_id, code, runtime=runtime, limits=own)


def test_cells(
    at: str,
    run_id: str,
    cells: list[dict[str, str]],
    *,
    probes: dict[str, str],
    seed: int,
    files: dict[str, bytes],
    runtime: str,
    limits: dict[str, int],
) -> Iterator[dict[str, object]]:
    """Yield the events of all cells in a fresh process; the last one holds the tests' rows. `probes` are probes.py and
    the files that it names. Raises Refused, RunnerGone.
    """
    code, own = [SourceCell(**cell) for cell in cells], RunLimits(**limits)
    options = {"seed": judge_seed(seed), "files": files, "runtime": runtime, "limits": own}
    judging = probes if settings.RUNNERS else str(place_probes(probes))  # only a runner here can read our files
    return client_for(at, own, is_tested=True).test(run_id, code, judging, **options)


def try_cells(
    runner: Path,
    run_id: str,
    cells: list[dict[str, str]],
    *,
    probes: dict[str, str] | None,
    seed: int,
    runtime: str,
    limits: dict[str, int],
    longest: int = CAPS.wall_seconds,
) -> Iterator[dict[str, object]]:
    """Yield the events of a run, or with probes of a test run, in the runner at this socket, which learners do not use.

    The seconds of the limits count processor time, because wall time depends on other load. After `longest` seconds by
    the clock, the run ends in any case.
    """
    code, own = [SourceCell(**cell) for cell in cells], RunLimits(**limits)
    own = replace(own, wall_seconds=longest, cpu_seconds=min(own.wall_seconds, own.cpu_seconds))
    runner_client = Client(str(runner), within=own.longest_run(is_tested=True) + SLACK)
    if probes is None:
        return runner_client.run(run_id, code, runtime=runtime, limits=own)
    return runner_client.test(run_id, code, probes, seed=seed, runtime=runtime, limits=own)


def judge_seed(seed: int) -> int:
    """Return the seed for the judge's generators: 128 bits that nobody can guess from the inputs that a probe shows."""
    return int.from_bytes(salted_hmac("labs.judge", str(seed), algorithm="sha256").digest()[:16])


def open_session(at: str, session: str, *, owner: str, runtime: str, limits: dict[str, int]) -> None:
    client(at, 60).open(session, owner, runtime=runtime, limits=RunLimits(**limits))


def close_session(at: str, session: str) -> None:
    """Close a session. Does nothing if it is already closed."""
    try:
        client(at, QUICK_ANSWER).close(session)
    except Refused:
        return


def put_file(at: str, folder: str, name: str, content: bytes) -> None:
    """Store a file in the work folder of a live session. Raises Refused, RunnerGone."""
    client(at, QUICK_ANSWER).put(folder, name, content)


def remove_runner_file(at: str, folder: str, name: str) -> None:
    client(at, QUICK_ANSWER).remove(folder, name)


def get_file(at: str, folder: str, name: str) -> bytes:
    """Read a file from the work folder of a session, or of a run that ended a moment ago. Raises Refused, RunnerGone."""
    return client(at, QUICK_ANSWER).get(folder, name)


def attempt_name(run_id: str, attempt: int) -> str:
    """Return the runner's id for an attempt at a run.

    It is the same from every worker, so that a new worker attaches to the attempt.
    """
    return f"{run_id}-{attempt}"


def stop_attempts(at: str, run_id: str) -> None:
    """Stop the run's current attempt. Raises RunnerGone."""
    for attempt in range(TRIES):
        client(at, QUICK_ANSWER).stop(attempt_name(run_id, attempt))


def status(at: str) -> dict[str, object]:
    """Return tier, ready, reasons, self_test and capacity, or `{"ready": False, "reasons": […]}` if the runner does not answer.

    A runner of a release too far from ours is not ready either.
    """
    try:
        answer = client(at, QUICK_ANSWER).status()
    except (RunnerGone, Refused) as error:
        return {"ready": False, "tier": None, "reasons": [str(error)], "problem": str(error)}
    if reason := misunderstanding(PROTOCOL, answer.get("protocol", FIRST_PROTOCOL)):
        return {**answer, "ready": False, "reasons": [reason]}
    return answer


def place_probes(files: dict[str, str]) -> Path:
    """Write probes.py and the files that it names to a folder named after a digest of their contents.

    Return the path of probes.py.
    """
    digest = sha256(repr(sorted(files.items())).encode()).hexdigest()
    folder = Path(settings.DATA) / "probes" / digest
    for name, text in files.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partly = path.with_name(f".{path.name}.{os.getpid()}")
            partly.write_text(text)
            partly.replace(path)
    os.utime(folder)
    return folder / "probes.py"


def remove_old_probes(now: float) -> int:
    """Remove folders that no test run has used in the day before `now` (seconds since the epoch).

    The next test run writes its folder again.
    """
    folders = (Path(settings.DATA) / "probes").glob("*/")
    old = [folder for folder in folders if now - folder.stat().st_mtime > PROBES_KEPT]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)
