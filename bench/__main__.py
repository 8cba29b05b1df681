"""python -m bench [NAME ...]: run the benchmarks one after another, then write docs/performance.md and
docs/scale.md.

Without names, all of PROGRAMS run. A benchmark that fails or takes too long is listed as failed; the others still run.
"""

import json
import signal
import subprocess
import sys
import time

from bench.page import write_page
from bench.rig.results import FOLDER, PROJECT
from bench.scale.page import write_scale

# Each benchmark and the longest it may take, in seconds. Together they take less than half an hour.
PROGRAMS = {
    "answers": 175,
    "pages": 220,
    "lab_click": 170,
    "crowd": 110,
    "watchers": 80,
    "exam_with_runs": 190,
    "start": 150,
    "exam": 275,
    "growth": 325,
    "paint": 100,
}
# These run only if they are named: what they count changes with the code, and hardly with the machine.
ON_REQUEST = {"sizes": 240}


def main(names: list[str]) -> None:
    known = PROGRAMS | ON_REQUEST
    unknown = set(names) - known.keys()
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}. These exist: {', '.join(known)}.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    problems = [problem for name in names or PROGRAMS if (problem := run(name))]
    write_page()
    write_scale()
    print("\ndocs/performance.md shows the figures, docs/scale.md computes with them; the details are in build/bench/.")
    if problems:
        sys.exit("\n".join(problems))


def run(name: str) -> str:
    """Run a benchmark and return what went wrong, or ""."""
    began = time.monotonic()
    print(f"\n=== {name}", flush=True)
    (FOLDER / f"{name}.json").unlink(missing_ok=True)
    command = (sys.executable, "-m", f"bench.{name}")
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a job in the background ignores it, and so would the program
    process, longest = subprocess.Popen(command, cwd=PROJECT), (PROGRAMS | ON_REQUEST)[name]
    try:
        status = process.wait(longest)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)  # it stops its servers; SIGKILL would leave them running
        process.wait()
        return failed(name, f"It took longer than {longest} s.")
    if status:
        return failed(name, f"It ended with status {status}.")
    print(f"--- {name}: {time.monotonic() - began:.0f} s", flush=True)
    return ""


def failed(name: str, why: str) -> str:
    contents = {"goal": name, "title": f"bench/{name}.py failed", "figures": [], "notes": [why]}
    (FOLDER / f"{name}.json").write_text(json.dumps(contents))
    return f"bench/{name}.py failed. {why}"


if __name__ == "__main__":
    main(sys.argv[1:])
