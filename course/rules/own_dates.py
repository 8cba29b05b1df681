"""Which dates hold for a learner in an activity, and who set each of them (D22, D39). Everything that asks reads this.

A learner's date comes before a group's, and a group's before the course's. Of several groups, the latest date counts.
A group's date replaces that of the activity and its module, but an activity is open only while its course is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from course.rules.schedule import Dates

type DateName = Literal["opens_at", "due_at", "closes_at"]
type DateSource = Literal["course", "group", "learner"]

NAMES: tuple[DateName, ...] = ("opens_at", "due_at", "closes_at")
NO_DATES: Dates = Dates()


class DatesOfGroup(NamedTuple):
    """The dates that an activity has for a group. A missing date is the course's."""

    group: str
    dates: Dates


@dataclass(frozen=True)
class OwnDates:
    """What was given to a learner in one activity: dates of their own, and those of their groups.

    Dates of one's own that are not exact are an extension, which counts only where it is later.
    """

    own: Dates = NO_DATES
    is_exact: bool = False
    groups: tuple[DatesOfGroup, ...] = ()


NOTHING_OWN = OwnDates()


@dataclass(frozen=True)
class SourcedDate:
    """A date in force, and who set it. `group` is the name of the group, or ""."""

    at: datetime | None
    source: DateSource = "course"
    group: str = ""


def sourced_date(name: DateName, common: Dates, own: OwnDates) -> SourcedDate:
    """Return one date in force for a learner with its source. `common` are the dates that the course has for everyone."""
    date = SourcedDate(getattr(common, name))
    given = [(getattr(dates, name), group) for group, dates in own.groups if getattr(dates, name) is not None]
    if given:
        latest = max(at for at, _ in given)
        date = _bounded(name, latest, min(group for at, group in given if at == latest), common)
    at: datetime | None = getattr(own.own, name)
    if at is None or (not own.is_exact and (date.at is None or at <= date.at)):
        return date
    return SourcedDate(at, "learner")


def _bounded(name: DateName, at: datetime, group: str, common: Dates) -> SourcedDate:
    """Return a group's date, or that of the course where the course opens later or closes earlier."""
    bounds = common.bounds or NO_DATES
    is_early = name == "opens_at" and bounds.opens_at is not None and at < bounds.opens_at
    is_late = name == "closes_at" and bounds.closes_at is not None and at > bounds.closes_at
    return SourcedDate(getattr(bounds, name)) if is_early or is_late else SourcedDate(at, "group", group)


def sourced_dates(common: Dates, own: OwnDates) -> Mapping[DateName, SourcedDate]:
    """Return each date in force for a learner with its source."""
    return {name: sourced_date(name, common, own) for name in NAMES}


def in_force(common: Dates, own: OwnDates) -> Dates:
    """Return the dates in force for a learner."""
    if own is NOTHING_OWN:
        return common
    opens_at, due_at, closes_at = (sourced_date(name, common, own).at for name in NAMES)
    return Dates(opens_at, due_at, closes_at)


def latest_closing_of(common: Dates, owners: Mapping[int, OwnDates]) -> datetime | None:
    """Return when an activity has closed for everyone: at the latest of its closing times, None if it never does."""
    closings = [common.closes_at, *(in_force(common, own).closes_at for own in owners.values())]
    known = [at for at in closings if at is not None]
    return max(known) if len(known) == len(closings) else None


class Contradiction(NamedTuple):
    """Two dates in force that cannot both hold: the first must not come after the second, but does."""

    first: DateName
    before: SourcedDate
    second: DateName
    after: SourcedDate


ORDER: tuple[tuple[DateName, DateName], ...] = (
    ("opens_at", "due_at"),
    ("opens_at", "closes_at"),
    ("due_at", "closes_at"),
)


def contradictions(common: Dates, own: OwnDates) -> list[Contradiction]:
    """Return the contradictions among the dates in force. An activity may be due when it closes, but not when it opens."""
    dates = sourced_dates(common, own)
    pairs = [Contradiction(first, dates[first], second, dates[second]) for first, second in ORDER]
    return [pair for pair in pairs if _is_wrong(pair)]


def outside_course(common: Dates, group: DatesOfGroup) -> list[Contradiction]:
    """Return the contradictions between a group's dates and the opening and closing of the course."""
    bounds, (name, dates) = common.bounds or NO_DATES, group
    pairs = []
    if dates.opens_at and bounds.opens_at and dates.opens_at < bounds.opens_at:
        opening = SourcedDate(dates.opens_at, "group", name)
        pairs.append(Contradiction("opens_at", SourcedDate(bounds.opens_at), "opens_at", opening))
    if dates.closes_at and bounds.closes_at and dates.closes_at > bounds.closes_at:
        closing = SourcedDate(dates.closes_at, "group", name)
        pairs.append(Contradiction("closes_at", closing, "closes_at", SourcedDate(bounds.closes_at)))
    return pairs


def _is_wrong(pair: Contradiction) -> bool:
    before, after = pair.before.at, pair.after.at
    if before is None or after is None:
        return False
    return before > after or (pair.first == "opens_at" and before == after)
