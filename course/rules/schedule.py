"""Opening and closing times (D22). Intervals are half-open: opens_at is included, closes_at is not."""

from datetime import datetime

from course.refusals import Refusal


def is_within_dates(*, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> bool:
    """Return whether opens_at <= now < closes_at. A missing bound does not restrict."""
    return has_opened(opens_at, now) and not has_closed(closes_at, now)


def has_opened(opens_at: datetime | None, now: datetime) -> bool:
    """Return whether the opening time has been reached, or is not set."""
    return opens_at is None or opens_at <= now


def has_closed(closes_at: datetime | None, now: datetime) -> bool:
    """Return whether the closing time has been reached. Without one, nothing closes."""
    return closes_at is not None and closes_at <= now


def refuse_outside(what: str, *, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> None:
    """Raise Refusal `<what>_not_open` or `<what>_closed`; `what` is "course" or "assessment"."""
    if opens_at is not None and not has_opened(opens_at, now):
        raise Refusal(f"{what}_not_open", opens_at=opens_at.isoformat())
    if closes_at is not None and has_closed(closes_at, now):
        raise Refusal(f"{what}_closed", closes_at=closes_at.isoformat())
