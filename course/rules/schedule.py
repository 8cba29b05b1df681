"""Opening, due and closing times (D22). Intervals are half-open: opens_at is included, closes_at is not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from course.refusals import Refusal
from foundation.refusals import refuses


@dataclass(frozen=True)
class Dates:
    """When something opens, is due and closes. A missing date does not restrict.

    `bounds` are the dates of the course, if these are the dates in force inside it. They are no part of the value.
    """

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    bounds: "Dates | None" = field(default=None, compare=False, repr=False)

    def within(self, outer: "Dates") -> "Dates":
        """Return the dates in force inside something with the dates `outer`.

        Both must be open: the later opening and the earlier closing apply. The own due date comes first.
        """
        return Dates(
            opens_at=max(filter(None, (self.opens_at, outer.opens_at)), default=None),
            due_at=self.due_at or outer.due_at,
            closes_at=min(filter(None, (self.closes_at, outer.closes_at)), default=None),
            bounds=outer,
        )

    @property
    def named(self) -> dict[str, datetime | None]:
        """Return the three dates by name."""
        return {"opens_at": self.opens_at, "due_at": self.due_at, "closes_at": self.closes_at}


UNDATED = Dates()


def is_within_dates(*, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> bool:
    """Return whether opens_at <= now < closes_at. A missing bound does not restrict."""
    return has_opened(opens_at, now) and not has_closed(closes_at, now)


def has_opened(opens_at: datetime | None, now: datetime) -> bool:
    """Return whether the opening time has been reached, or is not set."""
    return opens_at is None or opens_at <= now


def has_closed(closes_at: datetime | None, now: datetime) -> bool:
    """Return whether the closing time has been reached, if there is one."""
    return closes_at is not None and closes_at <= now


@refuses(
    "course_not_open", "course_closed", "module_not_open", "module_closed", "assessment_not_open", "assessment_closed"
)
def refuse_outside(what: str, *, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> None:
    """Raise Refusal `<what>_not_open` or `<what>_closed`; `what` is "course", "module" or "assessment"."""
    refuse_before_opening(what, opens_at=opens_at, now=now)
    if closes_at is not None and has_closed(closes_at, now):
        raise Refusal(f"{what}_closed", closes_at=closes_at.isoformat())


def refuse_before_opening(what: str, *, opens_at: datetime | None, now: datetime) -> None:
    """Raise Refusal `<what>_not_open` before the opening time."""
    if opens_at is not None and not has_opened(opens_at, now):
        raise Refusal(f"{what}_not_open", opens_at=opens_at.isoformat())


def order_problem(dates: Dates) -> str | None:
    """Return what is wrong with the order of dates: each must come after the one before, but due may equal closing."""
    opens, due, closes = dates.opens_at, dates.due_at, dates.closes_at
    if opens is not None and _any_until(opens, (due, closes)):
        return "opens"
    return "due" if due is not None and closes is not None and closes < due else None


def _any_until(opens_at: datetime, later: Iterable[datetime | None]) -> bool:
    return any(date is not None and date <= opens_at for date in later)
