"""P5: the time from a learner's click on Run to the first output, through web server, queue, worker and lab runner.

    .venv/bin/python -m bench.lab_click [--rounds 40]

A click does the same as a page: it POSTs the run, opens the event stream and waits for the first frame. The cell is
`print(1)` with TensorFlow loaded. Clicks and references take turns.
"""

import argparse
import statistics
from collections.abc import Callable
from functools import partial

from bench.rig.cells import bare_fork, nbclient, sandboxed_fork
from bench.rig.lab_site import CELL, FREE, lab_site
from bench.rig.results import Figure, Report

QUEUES = {"Redis": True, "files": False}
NOTEBOOKS = 3
QUICK = 100.0  # milliseconds that are good enough on Redis, however fast a fork is


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    report = Report("lab_click", "P5", "A click on Run")
    times_by_name: dict[str, list[float]] = {}
    with sandboxed_fork() as fork, bare_fork() as bare:
        for queue, on_redis in QUEUES.items():
            with lab_site(on_redis=on_redis) as (site,):
                lab = f"/api/v1/labs/{site.lab}/runs/"
                site.click(lab, CELL)  # opens the session
                free, cell = f"free code, {queue}", f"cell in a live session, {queue}"
                actions: dict[str, Callable[[], float]] = {
                    free: partial(site.click, "/api/v1/runs/", FREE),
                    cell: partial(site.click, lab, CELL),
                    "sandboxed fork": fork,
                    "bare fork": bare,
                }
                for _ in range(rounds):
                    for name, action in actions.items():
                        times_by_name.setdefault(name, []).append(action())
    times_by_name["nbclient"] = [nbclient() for _ in range(NOTEBOOKS)]
    report.add(*figures({name: statistics.median(times) for name, times in times_by_name.items()}, times_by_name))
    report.note(
        "Each figure is a median. A *sandboxed fork* is what a run needs at least: a fork of a process with TensorFlow, in "
        "its own sandbox. A click can be faster than that, because the runner keeps a reserve of sandboxed processes. "
        "*nbclient* executes the same cell as a notebook, which is how nbgrader does it."
    )
    report.write()


def figures(median: dict[str, float], times_by_name: dict[str, list[float]]) -> list[Figure]:
    fork, bare = median["sandboxed fork"], median["bare fork"]
    forks = f"sandboxed fork {fork:.0f} ms, bare fork {bare:.0f} ms"
    goals = {
        "free code, Redis": max(QUICK, 1.5 * fork),
        "free code, files": 150.0,
        "cell in a live session, Redis": 60.0,
        "cell in a live session, files": 60.0,
    }
    clicks = [
        Figure(
            name,
            median[name],
            "ms",
            at_most=goal,
            reference=f"{forks}; p95 of the click {p95(times_by_name[name]):.0f} ms",
        )
        for name, goal in goals.items()
    ]
    notebook = median["nbclient"]
    times = notebook / median["free code, Redis"]
    return [*clicks, Figure("faster than nbclient", times, "×", at_least=20.0, reference=f"nbclient {notebook:.0f} ms")]


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


if __name__ == "__main__":
    main()
