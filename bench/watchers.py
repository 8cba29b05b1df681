"""P5: what 200 open event streams cost the web process that saves drafts.

    .venv/bin/python -m bench.watchers [--watchers 200] [--pairs 4] [--saves 60]

The site runs on SQLite, as in `make run`. Learners save drafts one after another. In every second block of saves, 200
streams are open: each of twenty learners follows their own run in ten pages, more than anybody needs. A run prints a line
per second; those that find no free place show their position. Only the processor time of the web process counts, with
its work for the watchers, so other load on the machine matters little.
"""

import argparse
import asyncio
import statistics
import threading
import time

from bench.rig.lab_site import Site, lab_site
from bench.rig.processes import cpu_seconds
from bench.rig.results import Figure, Report

LEARNERS = 20  # enough that no learner exceeds the rate limit for saves
PAGES = 10  # streams of one learner; the server allows twelve
HEARD = 8  # lines that each watcher has read, those of the head among them, before a measurement begins
MOST = 10.0  # percent of a core: watchers may cost a tenth of what the process can do
CHATTY = {"code": "import time\nwhile True:\n    print('still here', flush=True); time.sleep(1)", "runtime": "tf2"}


class Watchers:
    """Open event streams, PAGES for each learner, in a thread with a separate event loop."""

    def __init__(self, runs: dict[str, Site], count: int):
        followed = [(site, run) for run, site in runs.items() for _ in range(PAGES)]
        self.followed = followed[:count]
        self.heard, self.refused = [0] * len(self.followed), 0
        self.loop, self.over = asyncio.new_event_loop(), threading.Event()
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
        tasks = [asyncio.ensure_future(self.watch(*numbered)) for numbered in enumerate(self.followed)]
        await asyncio.to_thread(self.over.wait)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def watch(self, number: int, followed: tuple[Site, str]) -> None:
        site, run = followed
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        head = "".join(f"{name}: {value}\r\n" for name, value in site.headers.items())
        writer.write(f"GET /api/v1/runs/{run}/events/ HTTP/1.1\r\n{head}\r\n".encode())
        try:
            self.refused += b" 200 " not in await reader.readline()
            while await reader.readline():
                self.heard[number] += 1
        finally:
            writer.close()

    def wait_until_all_hear(self) -> None:
        """Wait until each watcher has received its first lines, so that opening the streams is not measured."""
        pause = threading.Event()
        while min(self.heard) < HEARD and not self.refused:
            pause.wait(0.1)
        if self.refused:
            raise SystemExit(f"The server refused {self.refused} streams.")
        pause.wait(1)


class Savers:
    """Learners who save drafts of a lab one after another."""

    def __init__(self, sites: list[Site], saves: int) -> None:
        self.sites, self.saves = sites, saves
        self.revisions = [0] * len(sites)
        self.web = [sites[0].processes["web"].pid]

    def milliseconds_per_save(self) -> float:
        """Save, and return the processor time of the web process for each save."""
        before = cpu_seconds(self.web)
        for number in range(self.saves):
            self.save(number % len(self.sites))
        return (cpu_seconds(self.web) - before) * 1000 / self.saves

    def save(self, number: int) -> None:
        site, revision = self.sites[number], self.revisions[number]
        cells = [{"id": "2", "source": f"step = {revision}"}]
        site.ask("PUT", f"/api/v1/labs/{site.lab}/draft/", {"cells": cells, "revision": revision})
        self.revisions[number] += 1

    def share_of_core(self) -> float:
        """Return the share of a core that the web process uses while nobody saves."""
        before, began = cpu_seconds(self.web), time.monotonic()
        threading.Event().wait(5)
        return (cpu_seconds(self.web) - before) / (time.monotonic() - began)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--watchers", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--saves", type=int, default=60)
    options = parser.parse_args()
    report = Report("watchers", "P5", f"{options.watchers} people who watch a run")
    alone, watched, shares = [], [], []
    with lab_site(LEARNERS) as sites:
        savers = Savers(sites, options.saves)
        savers.milliseconds_per_save()  # warms up
        for _ in range(options.pairs):
            alone.append(savers.milliseconds_per_save())
            runs = {site.run("/api/v1/runs/", CHATTY): site for site in sites}
            sites[0].first_frame(next(iter(runs)))
            with Watchers(runs, options.watchers) as watchers:
                watchers.wait_until_all_hear()
                shares.append(savers.share_of_core())
                watched.append(savers.milliseconds_per_save())
            for run, site in reversed(runs.items()):  # the waiting ones first, so that none starts meanwhile
                site.ask("POST", f"/api/v1/runs/{run}/stop/")
                site.wait_for(run)
    before = statistics.median(alone)
    during = f"a save: {before:.1f} ms without watchers, {statistics.median(watched):.1f} ms with them"
    share = Figure("web process", statistics.median(shares) * 100, "% of a core", at_most=MOST, reference=during)
    report.add(share)
    report.write()


if __name__ == "__main__":
    main()
