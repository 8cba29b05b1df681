"""How often a worker reports that it works, and what its silence means."""

from datetime import timedelta

WORKER_INTERVAL = timedelta(seconds=10)  # between two reports of a worker, each of which renews its runs' leases
LATE = 2.5 * WORKER_INTERVAL  # since its last report: two are missing, so the worker is probably dead
LEASE = 3 * WORKER_INTERVAL  # after which the sweeper gives a worker's run to another one
ALIVE = 6 * WORKER_INTERVAL  # since its last report; a worker that is silent for longer is not listed any more
FORGOTTEN = timedelta(days=1)  # since its last report; then its row is deleted
