"""What 200 open event streams cost those who answer: processor time of the web process per save, with them and without.

    python bench/watchers.py [--watchers 200] [--pairs 8] [--saves 60]

One site on SQLite, as `make run` starts it. Learners save drafts one after another; in every second block 200 watchers
follow a run that prints a line a second. The web process's own time is counted, the watchers' work in it included, so
noise of the machine falls on neither. Two figures of each pair: the ratio of time per save, which grows where a busy
machine makes few saves a second; and the share of one core that the watchers take, which is the part of all answers that
they cost where the process does nothing but answer. Writes build/bench/watchers.json.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from bench.lab_click import Site, running_for  # noqa: E402 - the project is not installed

TICKS = os.sysconf("SC_CLK_TCK")
LEARNERS = 10  # so that nobody saves faster than one may
CHATTY = {"code": "import time\nwhile True:\n    print('still here', flush=True); time.sleep(1)", "runtime": "tf2"}


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def spent(pids: list[int]) -> float:
    """Milliseconds of processor time so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total * 1000 / TICKS


class Watchers:
    """Open streams, in a thread with an event loop of its own."""

    def __init__(self, site: Site, run: str, count: int):
        self.site, self.run, self.count = site, run, count
        self.heard, self.loop, self.over = 0, asyncio.new_event_loop(), threading.Event()
        self.thread = threading.Thread(target=self.work)

    def __enter__(self) -> "Watchers":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def work(self) -> None:
        self.loop.run_until_complete(self.watch_all())
        self.loop.close()

    async def watch_all(self) -> None:
        tasks = [asyncio.ensure_future(self.watch()) for _ in range(self.count)]
        await asyncio.to_thread(self.over.wait)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def watch(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port)
        head = "".join(f"{name}: {value}\r\n" for name, value in self.site.headers.items())
        writer.write(f"GET /api/v1/runs/{self.run}/events/ HTTP/1.1\r\n{head}\r\n".encode())
        try:
            while await reader.readline():
                self.heard += 1
        finally:
            writer.close()


def save(site: Site, revision: int) -> None:
    cells = [{"id": "2", "source": f"step = {revision}"}]
    site.ask("PUT", f"/api/v1/labs/{site.lab}/draft/", {"cells": cells, "revision": revision})


def per_save(sites: list[Site], revisions: list[int], pids: list[int], saves: int) -> float:
    before = spent(pids)
    for number in range(saves):
        place = number % len(sites)
        save(sites[place], revisions[place])
        revisions[place] += 1
    return (spent(pids) - before) / saves


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--watchers", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument("--saves", type=int, default=60)
    asked = parser.parse_args()
    load, pairs, shares = [os.getloadavg()[0]], [], []
    with running_for(LEARNERS, redis=False) as sites:
        pids, revisions = family(sites[0].processes["web"].pid), [0] * len(sites)
        per_save(sites, revisions, pids, asked.saves)  # warms up
        for _ in range(asked.pairs):
            without = per_save(sites, revisions, pids, asked.saves)
            run = sites[0].run("/api/v1/runs/", CHATTY)
            sites[0].first_frame(run)
            with Watchers(sites[0], run, asked.watchers) as watchers:
                wait_until_all_hear(watchers)
                shares.append(share_of_core(pids))
                pairs.append((without, per_save(sites, revisions, pids, asked.saves)))
            sites[0].ask("POST", f"/api/v1/runs/{run}/stop/")
            sites[0].wait_for(run)
    load.append(os.getloadavg()[0])
    ratios = [watched / alone for alone, watched in pairs]
    print(f"{'ms of processor time per save':32} {'alone':>8} {'watched':>8} {'ratio':>7} {'share of a core':>16}")
    for (alone, watched), ratio, share in zip(pairs, ratios, shares, strict=True):
        print(f"{'':32} {alone:8.2f} {watched:8.2f} {ratio:7.3f} {share:16.3f}")
    print(
        f"{asked.watchers} watchers: median ratio {statistics.median(ratios):.3f}, median share"
        f" {statistics.median(shares):.3f}; load before and after {load}"
    )
    facts = {"machine": platform.platform(), "watchers": asked.watchers, "pairs": pairs, "shares": shares, "load": load}
    folder = PROJECT / "build/bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "watchers.json").write_text(json.dumps(facts | {"median_ratio": statistics.median(ratios)}, indent=1))


def share_of_core(pids: list[int]) -> float:
    """Of the web process while nobody saves."""
    before, began = spent(pids), time.monotonic()
    threading.Event().wait(5)
    return (spent(pids) - before) / 1000 / (time.monotonic() - began)


def wait_until_all_hear(watchers: Watchers) -> None:
    """Until each has its first lines; opening a stream is no part of watching."""
    pause = threading.Event()
    while watchers.heard < 8 * watchers.count:
        pause.wait(0.1)
    pause.wait(1)


if __name__ == "__main__":
    main()
