"""P5: a class that presses Run at the same moment: when each learner sees the first output, and what they see until then.

    .venv/bin/python -m bench.crowd [--learners 200] [--trainings 40]

The site runs on Redis. Everybody has the same cell and an event stream, as an open page has.
"""

import argparse
import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from itertools import pairwise

from bench.rig.lab_site import FREE, Site, lab_site
from bench.rig.results import Figure, Report

SLOWEST = 10.0  # seconds until the last learner of the class sees output
PATIENCE = 240  # seconds
TRAINING = """
import tensorflow as tf
x = tf.random.normal((512, 16), seed=1)
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse")
print(len(model.fit(x, x[:, :1], epochs=3, verbose=0).history["loss"]))
"""


@dataclass(frozen=True)
class Seen:
    """What one learner saw: the seconds from the click to the first output, and the positions in the queue until then."""

    seconds: float
    positions: list[int]

    @property
    def is_right(self) -> bool:
        """Return whether each position that was shown is nearer to the start than the one before."""
        return all(after < before for before, after in pairwise(self.positions))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--trainings", type=int, default=40)
    options = parser.parse_args()
    report = Report("crowd", "P5", "A class that presses Run at once")
    with lab_site(1 + max(options.learners, options.trainings), on_redis=True) as (_, *sites):
        # The first learner has had a run already, so that newcomers may start before them, and their position may go up.
        printed = pressed_together(sites[: options.learners], FREE)
        trained = pressed_together(sites[: options.trainings], {"code": TRAINING, "runtime": "tf2"})
    report.add(*figures(f"{options.learners} learners", printed, at_most=SLOWEST))
    report.add(*figures(f"{options.trainings} small trainings", trained))
    report.write()


def figures(name: str, seen: list[Seen], at_most: float | None = None) -> list[Figure]:
    times = sorted(learner.seconds for learner in seen)
    waited = [learner for learner in seen if learner.positions]
    wrong = [learner.positions for learner in seen if not learner.is_right]
    half = f"half of them after {times[len(times) // 2]:.1f} s"
    shown = f"{len(waited)} learners saw a position, the highest was {max((p for e in seen for p in e.positions), default=0)}"
    return [
        Figure(f"{name}: last first output", times[-1], "s", at_most=at_most, reference=half),
        Figure(
            f"{name}: positions that went up", len(wrong), "", at_most=0, reference=str(wrong[0]) if wrong else shown
        ),
    ]


def pressed_together(sites: list[Site], body: dict[str, str]) -> list[Seen]:
    start = threading.Barrier(len(sites))
    with ThreadPoolExecutor(len(sites)) as people:
        return list(people.map(lambda site: press(site, body, start), sites))


def press(site: Site, body: dict[str, str], start: threading.Barrier) -> Seen:
    start.wait()
    began = time.perf_counter()
    run = site.run("/api/v1/runs/", body)
    positions = []
    for kind, data in events(site, run):
        if kind == "queued":
            positions.append(data["position"])
        if kind == "frame":
            return Seen(time.perf_counter() - began, positions)
    raise SystemExit(f"The run {run} ended without output for its learner.")


def events(site: Site, run: str) -> Iterator[tuple[str, dict]]:
    """Yield the kind and the data of each event of a run."""
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)) as stream:
        stream.request("GET", f"/api/v1/runs/{run}/events/", headers=site.headers)
        with stream.getresponse() as lines:
            if lines.status != HTTPStatus.OK:
                raise SystemExit(f"A stream was refused: {lines.status} {lines.read()[:300]!r}")
            kind = ""
            for line in lines:
                name, _, value = line.decode().strip().partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    yield kind, json.loads(value)


if __name__ == "__main__":
    main()
