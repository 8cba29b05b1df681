"""Ways to run one cell, `print(1)` with TensorFlow loaded, without the site. Each returns milliseconds to the first output."""

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from bench.rig.servers import PROJECT, folder
from labs.runner.protocol import Client, SourceCell

CELL = "print(1)"
LOADED = "import tensorflow\n" + CELL
# A process that has imported everything and forks for each run, without a sandbox: the fastest that a fork can be.
BARE_FORK = """
import os, sys
from labs.runner.kernel import warm
warm("tf2")
print("ready", flush=True)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        exec(line)
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(pid, 0)
"""
NOTEBOOK = """
import nbformat, sys
from nbclient import NotebookClient
cell = nbformat.v4.new_code_cell(sys.argv[1])
client = NotebookClient(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3")
client.execute()
print("".join(each.get("text", "") for each in cell.outputs if each.get("name") == "stdout"))
"""


def milliseconds(action: Callable[[], None]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


@contextmanager
def sandboxed_fork() -> Iterator[Callable[[], float]]:
    """A runner without a reserve of processes: each run forks and builds its sandbox after the request."""
    with folder() as home:
        command = (sys.executable, "-m", "labs.runner", "--socket", str(home / "socket"), "--work", str(home / "work"))
        with subprocess.Popen(
            (*command, "--zygotes", "1", "--spares", "0"), cwd=PROJECT, env={}, stdout=subprocess.PIPE, text=True
        ) as runner:
            try:
                state = json.loads(runner.stdout.readline())
                if not state["ready"]:
                    raise SystemExit(f"The runner accepts no work: {state['reasons']}")
                client, cells = Client(str(home / "socket")), [SourceCell("1", CELL)]
                yield lambda: milliseconds(lambda: until_first_output(client.run(uuid.uuid4().hex, cells)))
            finally:
                runner.terminate()


@contextmanager
def bare_fork() -> Iterator[Callable[[], float]]:
    """A fork of a process with TensorFlow, without a sandbox."""
    command = (sys.executable, "-c", BARE_FORK)
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as forker:
        forker.stdout.readline()

        def fork() -> None:
            forker.stdin.write(CELL + "\n")
            forker.stdout.readline()

        yield lambda: milliseconds(fork)
        forker.stdin.close()


def until_first_output(events: Iterable[Mapping[str, object]]) -> None:
    """Read events up to the first frame. The caller's next request reads the rest, which is not timed."""
    for event in events:
        if event["event"] == "frame":
            return
        if event["event"] == "finished":
            raise SystemExit(f"The cell printed nothing: {event}")


def nbclient() -> float:
    """Execute the cell as a notebook, in a new kernel."""
    return milliseconds(lambda: run_to_output(sys.executable, "-c", NOTEBOOK, LOADED))


def run_to_output(*command: str) -> None:
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        if not any(line.strip() == "1" for line in process.stdout):
            raise SystemExit(f"{command[0]} did not print 1.")
