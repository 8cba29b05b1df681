"""A thousand runs on the best tier, two hundred on each other tier, a tenth killed at random points."""

import json
import time

from tests.runner.soak import Before, soak
from tests.runner.stations import PROJECT, offered


def test_a_thousand_runs_a_tenth_killed_leave_nothing_behind(warm):
    runs = 1000 if warm.station == offered()[0][0] else 200
    before, began = Before(warm), time.monotonic()
    verdicts = soak(warm, runs=runs, seed=2)
    left = before.left_behind()
    gained = {f"bytes gained by the {name}": now - before.memory_before[name] for name, now in before.memory().items()}
    facts = {"station": warm.station.name, "runs": runs, "seconds": round(time.monotonic() - began, 1)}
    record({**facts, **verdicts, "left_behind": left or "nothing", **gained})
    assert (verdicts["broken"], left) == (0, {})


def record(facts: dict) -> None:
    folder = PROJECT / "build/proofs"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "runner-soak.json").open("a") as file:
        file.write(json.dumps(facts) + "\n")
