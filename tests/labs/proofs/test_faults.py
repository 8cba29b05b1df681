"""Kill each part of the lab engine in mid-run, on a complete site, and measure the seconds to the one verdict."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.rig.lab_site import Site, lab_site, start
from tests.labs.lives import Redis, wait_until

FIGURES = Path(__file__).resolve().parents[3] / "build" / "proofs" / "lab_faults.json"
LONGEST = 60  # seconds from recovery to the verdict
SLOW = {"code": "import time\nprint('begun', flush=True)\ntime.sleep(4)\nprint('end')", "runtime": "tf2"}
QUICK = {"code": "print('quick')", "runtime": "tf2"}


class Whole:
    """A site on Redis with all its parts."""

    def __init__(self, stack: ExitStack, data: Path):
        self.stack, self.data = stack, data
        self.redis = stack.enter_context(Redis(data))
        (self.site,) = stack.enter_context(lab_site(redis_url=self.redis.url))

    def kill(self, name: str) -> None:
        process = self.site.processes[name]
        process.kill()
        process.wait()

    def revive(self, name: str) -> None:
        """Restart a part as the supervisor of `up` would."""
        self.site.processes[name] = start(self.stack, self.site.programs[name], self.data)

    def begun(self, site: Site) -> str:
        run = site.run("/api/v1/runs/", SLOW)
        site.first_frame(run)
        return run


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Iterator[Whole]:
    with ExitStack() as stack:
        yield Whole(stack, tmp_path_factory.mktemp("faults"))


def kill_worker(whole: Whole) -> list[str]:
    run = whole.begun(whole.site)
    whole.kill("worker")
    whole.revive("worker")
    return [run]


def kill_runner(whole: Whole) -> list[str]:
    run = whole.begun(whole.site)
    whole.kill("runner")
    whole.revive("runner")
    return [run]


def kill_redis(whole: Whole) -> list[str]:
    run = whole.begun(whole.site)
    whole.redis.signal(signal.SIGKILL)
    whole.redis.process.wait()
    meanwhile = whole.site.run("/api/v1/runs/", QUICK)
    whole.redis.start()
    return [run, meanwhile]


def stop_redis_for_half_a_minute(whole: Whole) -> list[str]:
    run = whole.begun(whole.site)
    whole.redis.signal(signal.SIGSTOP)
    stopped_at = time.monotonic()
    meanwhile = whole.site.run("/api/v1/runs/", QUICK)
    wait_until(lambda: time.monotonic() - stopped_at > 30)
    whole.redis.signal(signal.SIGCONT)
    return [run, meanwhile]


def drop_the_message(whole: Whole) -> list[str]:
    return [ordered_while(whole, whole.redis.drop)]


def double_the_message(whole: Whole) -> list[str]:
    return [ordered_while(whole, whole.redis.double)]


def ordered_while(whole: Whole, happens: Callable[[], int]) -> str:
    worker = whole.site.processes["worker"]
    worker.send_signal(signal.SIGSTOP)
    whole.redis.cut_off_who_waits()
    run = whole.site.run("/api/v1/runs/", QUICK)
    assert happens() == 1
    worker.send_signal(signal.SIGCONT)
    return run


FAULTS = [kill_worker, kill_runner, kill_redis, stop_redis_for_half_a_minute, drop_the_message, double_the_message]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_every_run_has_one_verdict_within_a_minute_of_recovery(whole: Whole, fault: Callable[[Whole], list[str]]):
    runs = fault(whole)
    recovered_at = time.monotonic()
    found = [wait_until(lambda run=run: finished(whole.site, run), LONGEST + 30) for run in runs]
    took = time.monotonic() - recovered_at
    assert [run["verdict"] for run in found] == ["succeeded"] * len(runs)
    assert {printed(run) for run in found} <= {"begun\nend\n", "quick\n"}
    write({"fault": fault.__name__.replace("_", " "), "runs": len(runs), "seconds to the last verdict": round(took, 1)})
    assert took < LONGEST


def finished(site: Site, run: str) -> dict | None:
    found = site.ask("GET", f"/api/v1/runs/{run}/")
    return found if found["state"] == "finished" else None


def printed(run: dict) -> str:
    return "".join(output["data"].get("text/plain", "") for output in run["outputs"])


def write(figures: dict[str, object]) -> None:
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    with FIGURES.open("a") as file:
        file.write(json.dumps(figures) + "\n")
