"""How long a learner waits for the first line of output, by ways of running the same cell, from one run:

    python bench/lab_latency.py [--rounds 20]

The ways take turns, so that noise of the machine falls on all of them alike. Prints a table of milliseconds to the first
output and writes build/bench/lab_latency.json. The cell is `print(1)` where TensorFlow is loaded. On a busy machine the
rounds end early, so that all of it takes less than three minutes.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from labs.runner.protocol import Cell, Client  # noqa: E402 - the project is not a package that is installed

# After this no round begins; the first round, which has every way once, always does.
SECONDS = 110
CELL = "print(1)"
LOADED = "import tensorflow\n" + CELL
# A process with everything imported that forks per run with no sandbox at all: the floor of what a fork can be.
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


def until_first_output(events) -> None:
    """Reads up to the first frame; the rest is drained by the caller's next request, not timed."""
    for event in events:
        if event["event"] == "frame":
            return
        if event["event"] == "finished":
            raise SystemExit(f"the cell did not print: {event}")


def start_runner(stack: ExitStack, *options: str) -> Client:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lab-bench-")))
    folder.chmod(0o711)
    command = [sys.executable, "-m", "labs.runner", "--socket", str(folder / "socket"), "--work", str(folder / "work")]
    command += ["--zygotes", "1", *options]
    process = subprocess.Popen(command, cwd=PROJECT, env={}, stdout=subprocess.PIPE, text=True)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    said = json.loads(process.stdout.readline())
    if not said["ready"]:
        raise SystemExit(f"the runner takes no work: {said['reasons']}")
    print(f"tier: {said['tier']}")
    return Client(str(folder / "socket"))


def wait_for_spare(client: Client) -> None:
    while not client.status()["capacity"]["spare"]:
        time.sleep(0.02)


def start_forker(stack: ExitStack) -> subprocess.Popen:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    process = subprocess.Popen([sys.executable, "-c", BARE_FORK], cwd=PROJECT, **pipes)
    stack.callback(process.communicate)
    process.stdout.readline()
    return process


def run_to_output(*command: str) -> None:
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with process:
        if not any(line.strip() == "1" for line in process.stdout):
            raise SystemExit(f"{command[0]} printed no 1")


def ways(stack: ExitStack) -> dict[str, Callable[[], float]]:
    """Each way, as an action that returns the milliseconds it took."""
    client, without_spare, forker = start_runner(stack), start_runner(stack, "--spares", "0"), start_forker(stack)
    client.open("live", "bench")
    cells = [Cell("1", CELL)]

    def bare_fork() -> None:
        forker.stdin.write(CELL + "\n")
        forker.stdout.readline()

    def from_reserve() -> float:
        # A learner who reads before pressing Run again gives the reserve the time to be filled.
        wait_for_spare(client)
        return milliseconds(lambda: until_first_output(client.run(uuid.uuid4().hex, cells)))

    return {
        "fresh sandboxed process, from reserve": from_reserve,
        "sandboxed fork": timed(lambda: until_first_output(without_spare.run(uuid.uuid4().hex, cells))),
        "bare fork": timed(bare_fork),
        "cell in a live session": timed(lambda: until_first_output(client.cell(uuid.uuid4().hex, "live", cells))),
        "fresh Python": timed(lambda: run_to_output(sys.executable, "-c", LOADED)),
        "nbclient": timed(lambda: run_to_output(sys.executable, "-c", NOTEBOOK, LOADED)),
    }


def timed(action: Callable[[], None]) -> Callable[[], float]:
    return lambda: milliseconds(action)


def measure(rounds: int) -> dict[str, list[float]]:
    """Milliseconds by way. The slow ways take part in every fifth round."""
    ends_at = time.monotonic() + SECONDS
    with ExitStack() as stack:
        found = {name: (action, []) for name, action in ways(stack).items()}
        for number in range(rounds):
            if number and time.monotonic() > ends_at:
                break
            for name, (action, times) in found.items():
                if name not in ("fresh Python", "nbclient") or number % 5 == 0:
                    times.append(action())
    return {name: times for name, (_, times) in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    load_before = os.getloadavg()[0]
    times = measure(parser.parse_args().rounds)
    rows = {
        name: {"median": statistics.median(each), "least": min(each), "most": max(each), "n": len(each)}
        for name, each in times.items()
    }
    session = rows["cell in a live session"]["median"]
    print(f"{'milliseconds to the first output':40} {'median':>9} {'least':>9} {'most':>9} {'n':>4} {'times':>7}")
    for name, row in rows.items():
        row["times_a_live_cell"] = row["median"] / session
        print(
            f"{name:40} {row['median']:9.1f} {row['least']:9.1f} {row['most']:9.1f} {row['n']:4}"
            f" {row['times_a_live_cell']:7.1f}"
        )
    facts = {
        "machine": platform.platform(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before_and_after": [load_before, os.getloadavg()[0]],
        "rows": rows,
    }
    print(f"load of the machine before and after: {facts['load_before_and_after']}")
    folder = PROJECT / "build/bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lab_latency.json").write_text(json.dumps(facts, indent=1))


if __name__ == "__main__":
    main()
