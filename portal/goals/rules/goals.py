"""A learner's weekly goal: when a week begins, what the learner did in it, and when a reminder is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from lessons.rules.reading import Visit

MOST = {"days": 7, "lessons": 100, "questions": 500}  # of a goal, by unit
DAYS, HOURS = 7, 24
LATEST = timedelta(hours=6)  # a reminder that could not be sent for so long is not sent at all


@dataclass(frozen=True)
class Week:
    """The seven days from a Monday on, as they begin and end in a time zone."""

    monday: date
    zone: tzinfo

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.monday + timedelta(days=number) for number in range(DAYS))

    @property
    def starts_at(self) -> datetime:
        return self.at(1, 0)

    @property
    def ends_at(self) -> datetime:
        return self.at(DAYS + 1, 0)

    def at(self, day: int, hour: int) -> datetime:
        """Return the instant of an hour on a day, 1 for Monday. An hour that a change of the clock skips comes later."""
        return datetime.combine(self.monday + timedelta(days=day - 1), time(hour), self.zone).astimezone(UTC)

    def day_of(self, at: datetime | None) -> date | None:
        """Return the day of the week on which something happened, or None if it happened in another week or never."""
        return at.astimezone(self.zone).date() if at is not None and self.starts_at <= at < self.ends_at else None


@dataclass(frozen=True)
class StudyWeek:
    """What a learner did in a course in a week: the days on which they studied, lessons finished, questions answered."""

    week: Week
    studied: frozenset[date]
    lessons: int
    questions: int

    def done(self, unit: str) -> int:
        """Return how much was done in the unit of a goal."""
        return {"days": len(self.studied), "lessons": self.lessons, "questions": self.questions}[unit]


def week_of(now: datetime, zone: tzinfo) -> Week:
    """Return the week of an instant in a time zone."""
    today = now.astimezone(zone).date()
    return Week(today - timedelta(days=today.weekday()), zone)


def study_week(
    week: Week, *, visits: Iterable[Visit], answered: Iterable[tuple[str, datetime]], ran: Iterable[datetime]
) -> StudyWeek:
    """Count a week. `visits` are those of the course's lessons, `answered` has each question with the time of a response,
    and `ran` the times at which code was run in labs. What happened in other weeks counts nothing.
    """
    seen = list(visits)
    responses = [(question, day) for question, at in answered if (day := week.day_of(at))]
    times = [at for visit in seen for at in (visit.opened_at, visit.done_at)]
    days = [week.day_of(at) for at in (*times, *ran)]
    return StudyWeek(
        week=week,
        studied=frozenset(filter(None, (*days, *(day for _question, day in responses)))),
        lessons=sum(week.day_of(visit.done_at) is not None for visit in seen),
        questions=len({question for question, _day in responses}),
    )


def is_goal(unit: str, amount: int) -> bool:
    """Return whether this can be the goal of a week."""
    return 1 <= amount <= MOST.get(unit, 0)


def is_weekly_time(day: int, hour: int) -> bool:
    """Return whether this is a day of the week, 1 for Monday, and an hour."""
    return 1 <= day <= DAYS and 0 <= hour < HOURS


def next_reminder(*, day: int, hour: int, zone: tzinfo, now: datetime) -> datetime:
    """Return when this hour of this day of the week comes next, after `now`."""
    this = week_of(now, zone)
    return at if (at := this.at(day, hour)) > now else Week(this.monday + timedelta(days=DAYS), zone).at(day, hour)


def is_timely(*, due_at: datetime, week: Week, now: datetime) -> bool:
    """Return whether a reminder that was due then can still be sent: in the same week, and within a few hours."""
    return due_at >= week.starts_at and now - due_at <= LATEST
