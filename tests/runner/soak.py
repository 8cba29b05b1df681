"""Dozens of runs, a tenth killed at random points, and what they may leave: processes, mounts, files, descriptors, memory."""

import os
import random
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from labs.runner.supervisor.runs import FOLDERS_KEPT
from tests.runner.conftest import Warm
from tests.runner.talk import cells_of, new_id, told

# What a run does: print, compute, write, train, fail. Each takes some time in which it can be killed.
SOURCES = [
    "print('hello')",
    "import numpy as np\nprint(np.linalg.norm(np.random.rand(300, 300) @ np.random.rand(300, 300)))",
    "open('left', 'wb').write(bytes(1 << 20))\nprint('wrote')",
    "import tensorflow as tf\nprint(tf.reduce_sum(tf.random.normal([200, 200])).shape)",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.show()",
    "1 / 0",
    "import threading, time\nthreading.Thread(target=time.sleep, args=(100,)).start()\nprint('threads')",
]
GOES_ON = "\nimport time\ntime.sleep(5)"
# How much a process's memory may grow without counting as a leak: allocators keep memory that was used once.
SLACK_BYTES = 24 << 20
REST_SECONDS = 3


def killed_at(warm: Warm, id: str, delay: float) -> threading.Timer:
    timer = threading.Timer(delay, warm.client.stop, (id,))
    timer.start()
    return timer


def soak(warm: Warm, *, runs: int, seed: int) -> Counter:
    """Return the verdicts with their counts. Every tenth run would last seconds, and is stopped within its first fifth."""
    chance, verdicts = random.Random(seed), Counter()
    for number in range(runs):
        id, source = new_id(), chance.choice(SOURCES)
        is_to_be_killed = number % 10 == 5
        source += GOES_ON if is_to_be_killed else ""
        timer = killed_at(warm, id, chance.uniform(0, 0.2)) if is_to_be_killed else None
        verdicts[told(warm.client.run(id, cells_of(source))).verdict] += 1
        if timer:
            timer.join()
    return verdicts


def tree(pid: int) -> set[int]:
    """Return the process and all its descendants, except those that end at this moment."""
    found = {pid}
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found |= tree(int(child))
    return found


def resident(pid: int) -> int:
    """Return the bytes of a process in memory; 0 if it has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0


def descriptors(pid: int) -> int:
    """Return how many descriptors a process has open; 0 if it has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0


class Before:
    """The state of a runner before a soak; `left_behind` returns what has been added since."""

    def __init__(self, warm: Warm):
        self.warm = warm
        # An open session would keep a worn warm runner alive.
        assert warm.client.status()["capacity"]["open_sessions"] == 0
        # The runner keeps a fixed number of folders of finished runs. Fill them first, so that they do not count as
        # growth.
        soak(warm, runs=12, seed=0)
        self.keep_equal_folders()
        self.wait_for_rest()
        self.facts, self.memory_before = self.count(), self.memory()

    def keep_equal_folders(self) -> None:
        """Fill the kept folders with those of equal runs. Whether a killed run had written its file depends on the moment."""
        for _ in range(FOLDERS_KEPT):
            assert told(self.warm.client.run(new_id(), cells_of("print('kept')"))).verdict == "succeeded"

    def wait_for_rest(self) -> None:
        """Wait until the runner rests, with one warm runner and its spares, which are not leftovers.

        A worn warm runner and its replacement exist side by side only until the new one is ready. A new spare still
        opens files for a moment, so the counts must stay the same for a while.
        """
        deadline, counts, since = time.monotonic() + 240, self.count(), time.monotonic()
        while time.monotonic() < deadline:
            threading.Event().wait(0.1)
            now = self.count()
            if now != counts or not self.is_at_rest():
                counts, since = now, time.monotonic()
            if time.monotonic() - since > REST_SECONDS:
                return
        raise AssertionError("the runner does not come to rest")

    def is_at_rest(self) -> bool:
        now = self.warm.client.status()["capacity"]
        return (now["running"], now["preparing"], now["warm"], now["retired"]) == (0, 0, 1, 0)

    def count(self) -> dict[str, int]:
        processes = tree(self.warm.process.pid)
        return {
            "processes": len(processes),
            "descriptors": descriptors(self.warm.process.pid),
            "mounts": len(Path("/proc/self/mounts").read_text().splitlines()),
            "mounts of the runner": len(Path(f"/proc/{self.warm.process.pid}/mounts").read_text().splitlines()),
            "folders": len(os.listdir(self.warm.work / "runs")),
            "files": sum(len(names) for _, _, names in os.walk(self.warm.work)),
            "descriptors of all processes": sum(map(descriptors, processes)),
        }

    def memory(self) -> dict[str, int]:
        """Return the memory of the supervisor and of the largest process below it: a warm runner, or a spare that
        shares its pages.
        """
        own = self.warm.process.pid
        return {"supervisor": resident(own), "warm runner": max(map(resident, tree(own) - {own}))}

    def left_behind(self) -> dict[str, int]:
        """Return what was added, after giving the last connections time to close."""
        self.keep_equal_folders()
        self.wait_for_rest()
        deadline = time.monotonic() + 60
        while (more := self.more()) and time.monotonic() < deadline:
            threading.Event().wait(0.2)
        return more

    def more(self) -> dict[str, int]:
        more = {name: count - self.facts[name] for name, count in self.count().items() if count > self.facts[name]}
        grown = {
            f"memory of the {name}": now - self.memory_before[name]
            for name, now in self.memory().items()
            if now > self.memory_before[name] + SLACK_BYTES
        }
        return more | grown
