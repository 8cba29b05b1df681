"""What the programs count. Each process counts in its own file below `metrics/` in the data folder, and /metrics adds them up."""

import os
from pathlib import Path

from prometheus_client import Counter, Histogram

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

for _result in ("sent", "failed", "unsent"):  # a rate needs the series before the first event
    MAILS.labels(_result)
