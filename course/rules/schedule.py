"""When something that may open and close can be used (D22): half-open, from opening until closing."""

from datetime import datetime

from course.rules.refusals import Refusal


def is_open(*, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> bool:
    """True while opens_at <= now < closes_at; a missing bound never binds."""
    return has_opened(opens_at, now) and not has_closed(closes_at, now)


def has_opened(opens_at: datetime | None, now: datetime) -> bool:
    return opens_at is None or opens_at <= now


def has_closed(closes_at: datetime | None, now: datetime) -> bool:
    return closes_at is not None and closes_at <= now


def refuse_outside(what: str, *, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> None:
    """Raise Refusal `<what>_not_open` or `<what>_closed`; `what` is "course" or "assessment"."""
    if opens_at is not None and not has_opened(opens_at, now):
        raise Refusal(f"{what}_not_open", opens_at=opens_at.isoformat())
    if closes_at is not None and has_closed(closes_at, now):
        raise Refusal(f"{what}_closed", closes_at=closes_at.isoformat())
