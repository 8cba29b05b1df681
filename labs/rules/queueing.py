"""Decide whose run is next, and when a lost run is given up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

QUEUES = ("quick", "training")
QUICK_SECONDS = 120  # a run that may take longer goes to the queue for training
MOST_RUNNING = 2  # runs of one learner at once, as many as the runner gives live sessions
MOST_TRAINING = 2  # runs of one worker at once, so that quick runs always find a place
MOST_QUEUED = 100  # runs of one learner
MOST_LOSSES = 3  # a run lost this often is broken: our fault, never the learner's
LONGEST_WAIT = timedelta(seconds=10)  # after that, the sweeper assumes that a message was lost


@dataclass(frozen=True)
class Waiting:
    """A learner with queued runs: their ids, oldest first; when the oldest was ordered; how many others of theirs are running;
    when one last started.
    """

    run_ids: Sequence[str]
    created_at: datetime
    running: int
    last_started_at: datetime | None


def queue_for(wall_seconds: int) -> str:
    """Return the queue for a run with this wall-clock limit in seconds: "quick" or "training"."""
    return "quick" if wall_seconds <= QUICK_SECONDS else "training"


def fairest(waiting: Iterable[Waiting]) -> str | None:
    """Return the id of the run to start, or None.

    Learners with the fewest running come first, then those who have waited longest for a turn, then the oldest run.
    """
    able = [learner for learner in waiting if learner.running < MOST_RUNNING]
    if not able:
        return None
    return min(able, key=_turn).run_ids[0]


def starting_order(waiting: Iterable[Waiting]) -> list[str]:
    """Return the ids of all queued runs in the order in which `fairest` starts them if no further runs are ordered.

    Each run that starts gives its learner one more that is running, so learners take turns.
    """
    turns = [
        (learner.running + before, before, _turn(learner), run_id)
        for learner in waiting
        for before, run_id in enumerate(learner.run_ids)
    ]
    return [run_id for *_, run_id in sorted(turns)]


def positions(order: Sequence[str], bound: Mapping[str, str]) -> dict[str, int]:
    """Return each run's position: how many runs start before it where it can start, and itself.

    `bound` names the host of each run that can start on one host only. Runs that are bound to other hosts are not ahead
    of it.
    """
    ahead, by_run = Counter[str](), {}
    for before, run_id in enumerate(order):
        host = bound.get(run_id, "")
        by_run[run_id] = 1 + (ahead[""] + ahead[host] if host else before)
        ahead[host] += 1
    return by_run


def _turn(learner: Waiting) -> tuple[int, bool, datetime, datetime, str]:
    since = learner.last_started_at or learner.created_at
    return learner.running, learner.last_started_at is not None, since, learner.created_at, learner.run_ids[0]


def is_broken(losses: int) -> bool:
    """Return whether a run has been lost too often to try again."""
    return losses >= MOST_LOSSES
