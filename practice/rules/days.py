"""What a learner practices on a day: about ten minutes of what they got wrong or will soon forget, and then no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from practice.rules.memory import Memory, chance_to_know

DAILY_QUESTIONS = 8
MINUTES = 10  # that these questions take
HOURS = 24
A_DAY = timedelta(days=1)
LATEST = timedelta(hours=6)  # a reminder that could not be sent for so long is not sent at all


@dataclass(frozen=True)
class PracticeDay:
    """A day of practice: how many questions are `done`, which are `left`, in order, and what comes after this day.

    `next_on` is the next day with questions and `next_count` how many there are then, None and 0 if nothing is known
    that could come back. `known` is how many questions can be practiced at all.
    """

    day: date
    done: int
    left: tuple[str, ...]
    known: int
    next_on: date | None
    next_count: int

    @property
    def total(self) -> int:
        return self.done + len(self.left)

    @property
    def minutes(self) -> int:
        """Return about how many minutes the rest of the day takes."""
        return -(-len(self.left) * MINUTES // DAILY_QUESTIONS)

    @property
    def is_tomorrow(self) -> bool:
        """Return whether the next questions come on the next day."""
        return self.next_on == self.day + A_DAY


def plan_day(*, memories: Mapping[str, Memory], practiced: Mapping[str, date], day: date) -> PracticeDay:
    """Choose what a learner practices on a day. `memories` are those of all questions that they can practice, and
    `practiced` says on which day they practiced a question last.

    The question that they are least likely to know comes first.
    """
    is_done = {question for question, on in practiced.items() if on >= day}
    due = [question for question, memory in memories.items() if memory.due_on <= day and question not in is_done]
    due.sort(key=lambda question: chance_to_know(memories[question], day))
    left = tuple(due[: max(0, DAILY_QUESTIONS - len(is_done))])
    later = sorted(max(memory.due_on, day + A_DAY) for question, memory in memories.items() if question not in left)
    next_on = later[0] if later else None
    return PracticeDay(
        day=day,
        done=len(is_done),
        left=left,
        known=len(memories),
        next_on=next_on,
        next_count=min(DAILY_QUESTIONS, later.count(later[0])) if later else 0,
    )


def today_in(zone: tzinfo, now: datetime) -> date:
    """Return which day it is in a time zone."""
    return now.astimezone(zone).date()


def is_full_hour(hour: int) -> bool:
    """Return whether a reminder can be sent at this hour of a day."""
    return 0 <= hour < HOURS


def next_practice_reminder(*, hour: int, zone: tzinfo, now: datetime) -> datetime:
    """Return when this hour of a day comes next, after `now`. An hour that a change of the clock skips comes later."""
    today = today_in(zone, now)
    at = _hour_of(today, hour, zone)
    return at if at > now else _hour_of(today + A_DAY, hour, zone)


def is_reminder_timely(*, due_at: datetime, zone: tzinfo, now: datetime) -> bool:
    """Return whether a reminder that was due then can still be sent: on the same day, and within a few hours."""
    return today_in(zone, due_at) == today_in(zone, now) and now - due_at <= LATEST


def end_of_day(zone: tzinfo, now: datetime) -> datetime:
    """Return when the day of an instant ends in a time zone."""
    return _hour_of(today_in(zone, now) + A_DAY, 0, zone)


def _hour_of(day: date, hour: int, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
