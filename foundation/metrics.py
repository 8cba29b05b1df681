"""What the programs count. Each process counts in its own file below `metrics/` in the data folder, and /metrics adds them up."""

import os
from pathlib import Path

from prometheus_client import Counter, Histogram, values
from prometheus_client.mmap_dict import MmapedDict

SMALLEST = 1 << 16  # bytes of a file of counters, as the library makes it
MOST_BESIDE_KEY = 32  # bytes of a counter in such a file besides its name


class CountsWithRoom(MmapedDict):
    """The library's file of counters, which takes its room on the disk before it counts there.

    The library writes to the file as to memory. On a full disk, the system kills a process that does so where the file has
    no room yet. So without room, the process counts in memory only, and /metrics misses what it counts from then on.
    """

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        if read_mode or is_given_room(filename):
            super().__init__(filename, read_mode)
        else:
            self._count_in_memory()

    def _init_value(self, key: str) -> None:
        is_full = self._used + len(key.encode()) + MOST_BESIDE_KEY > self._capacity
        if is_full and not has_room(self._f.fileno(), self._capacity * 2):
            counted = self._m[: self._used]
            self.close()
            self._count_in_memory(counted)
        super()._init_value(key)

    def _count_in_memory(self, counted: bytes = b"") -> None:
        memory = os.memfd_create("counters")
        os.write(memory, counted)
        super().__init__(f"/proc/self/fd/{memory}")
        os.close(memory)


def is_given_room(filename: str) -> bool:
    """Return whether the file has room for its first counters. Makes the file if it is missing."""
    try:
        with open(filename, "ab") as file:
            return has_room(file.fileno(), SMALLEST)
    except OSError:
        return False


def has_room(descriptor: int, size: int) -> bool:
    """Return whether a file has so many bytes on the disk, after taking those that it lacks."""
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError:
        return False
    return True


values.MmapedDict = CountsWithRoom
if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # a counter writes into this folder from its first moment
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

WAITS = (0.1, 0.3, 1, 3, 10, 30, 60, 120, 300, 600, 1800)  # seconds
LATENCIES = (0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 25, 50, 75)  # seconds

RESPONSES = Counter(
    "django_http_responses_total_by_status_view_method",
    "Responses of pages and of the API",
    ["status", "view", "method"],
)
RESPONSE_TIME = Histogram(
    "django_http_requests_latency_including_middlewares_seconds", "Duration of a request", buckets=LATENCIES
)
VIEW_TIME = Histogram(
    "django_http_requests_latency_seconds_by_view_method",
    "Duration of the requests to a view",
    ["view", "method"],
    buckets=LATENCIES,
)
RUNS = Counter("finalcheck_lab_runs", "Lab runs that got their verdict", ["mode", "verdict"])
RUN_WAIT = Histogram(
    "finalcheck_lab_run_wait_seconds", "From the order of a run to its start", ["queue"], buckets=WAITS
)
RUN_TIME = Histogram("finalcheck_lab_run_seconds", "From the start of a run to its verdict", ["queue"], buckets=WAITS)
RUNS_RECOVERED = Counter("finalcheck_lab_runs_recovered", "Runs taken back from workers that died")
SETTLED = Counter("finalcheck_settled_sittings", "Sittings that the sweeper settled")
SWEEP_TIME = Histogram("finalcheck_sweep_seconds", "Duration of a sweep", buckets=WAITS)
SWEEP_FAILURES = Counter("finalcheck_sweep_failures", "Sweeps that ended with an error")
HEARTBEAT_FAILURES = Counter("finalcheck_heartbeat_failures", "Heartbeats that the web server did not record")
CLOCK_STEPS = Counter("finalcheck_clock_steps", "Times that a program noticed that the clock was set")
MAILS = Counter("finalcheck_mails", "Messages: sent, failed, or unsent for want of a mail server", ["result"])
DATABASE_FAILURES = Counter("finalcheck_database_failures", "Requests that failed because the database did not answer")
REFUSED = Counter("finalcheck_refused", "Connections and requests that the server did not let in, or ended", ["reason"])

for _result in ("sent", "failed", "unsent"):  # a rate needs the series before the first event
    MAILS.labels(_result)
REFUSED.labels("server_full")
