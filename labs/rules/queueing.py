"""Whose run is next, and what becomes of one that was lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

QUEUES = ("quick", "training")
QUICK_SECONDS = 120  # a run that may take longer is for the queue of those that train
MOST_RUNNING = 2  # of one learner at once, as many as the runner gives live sessions
MOST_TRAINING = 2  # of one worker at once, so that quick runs always find a place
MOST_QUEUED = 100  # of one learner
MOST_LOSSES = 3  # a run that was lost as often is broken: ours, never the learner's
LEASE = timedelta(seconds=30)
ALIVE = timedelta(seconds=60)  # since a worker was seen last
FORGOTTEN = timedelta(days=1)
LONGEST_WAIT = timedelta(seconds=10)  # after which the sweeper doubts that a message arrived


@dataclass(frozen=True)
class Waiting:
    """A learner with queued runs: their oldest that may start now, how many of theirs run, when one last started."""

    run_id: str
    created_at: datetime
    running: int
    last_started_at: datetime | None


def queue_for(wall_seconds: int) -> str:
    return "quick" if wall_seconds <= QUICK_SECONDS else "training"


def fairest(waiting: Iterable[Waiting]) -> str | None:
    """The run to start: of who has the fewest running, then of who waited longest for a turn, then the oldest."""
    able = [each for each in waiting if each.running < MOST_RUNNING]
    if not able:
        return None
    return min(able, key=_turn).run_id


def _turn(each: Waiting) -> tuple[int, bool, datetime, datetime]:
    return each.running, each.last_started_at is not None, each.last_started_at or each.created_at, each.created_at


def is_broken(losses: int) -> bool:
    """Has a run been lost so often that trying again is no use?"""
    return losses >= MOST_LOSSES


def position(mine_before: int, others: Iterable[int]) -> int:
    """At the latest the how-manyth run to start, 1 being the next: `mine_before` are the learner's own queued runs
    before it, `others` how many each other learner has queued; turns go round."""
    return 1 + mine_before + sum(min(count, mine_before + 1) for count in others)
