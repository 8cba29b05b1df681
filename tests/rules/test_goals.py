"""Weeks of a weekly goal: their bounds in a time zone, what counts in them, and when a reminder comes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from foundation.zones import known_zone
from lessons.rules.reading import Visit
from portal.goals.rules.goals import (
    LATEST,
    Week,
    is_goal,
    is_timely,
    is_weekly_time,
    next_reminder,
    study_week,
    week_of,
)

BERLIN, TOKYO, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
MONDAY = date(2026, 11, 23)
WEEK = Week(MONDAY, BERLIN)


def at(day, hour, minute=0, zone=UTC):
    return datetime(2026, 11, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        (at(22, 22, 59), BERLIN, date(2026, 11, 16)),
        (at(22, 23), BERLIN, MONDAY),
        (at(22, 23), UTC, date(2026, 11, 16)),
        (at(22, 15), TOKYO, MONDAY),
        (at(30, 4, 59), NEW_YORK, MONDAY),
        (at(30, 5), NEW_YORK, date(2026, 11, 30)),
    ],
)
def test_a_week_begins_on_monday_where_the_learner_is(now, zone, monday):
    assert week_of(now, zone).monday == monday


def test_the_bounds_of_a_week_are_midnights_there():
    assert (WEEK.starts_at, WEEK.ends_at) == (at(22, 23), at(29, 23))
    assert (WEEK.day_of(WEEK.starts_at), WEEK.day_of(WEEK.ends_at)) == (MONDAY, None)
    assert WEEK.day_of(WEEK.ends_at - timedelta(seconds=1)) == date(2026, 11, 29)


def test_a_week_with_a_change_of_the_clock_is_an_hour_longer_or_shorter():
    autumn, spring = (week_of(datetime(2026, *day, 12, tzinfo=UTC), BERLIN) for day in ((10, 21), (3, 25)))
    assert [(each.ends_at - each.starts_at) / timedelta(hours=1) for each in (autumn, spring)] == [169, 167]


def test_a_day_counts_once_and_what_is_outside_the_week_counts_nothing():
    before, after = WEEK.starts_at - timedelta(seconds=1), WEEK.ends_at
    visits = [Visit(before, at(24, 9)), Visit(at(24, 10)), Visit(before, before), Visit(after, after)]
    answered = [("a", at(24, 11)), ("a", at(24, 12)), ("b", at(26, 23, 30)), ("c", before)]
    found = study_week(WEEK, visits=visits, answered=answered, ran=[at(29, 22, 59), after])
    assert found.studied == {date(2026, 11, 24), date(2026, 11, 27), date(2026, 11, 29)}
    assert [found.done(unit) for unit in ("days", "lessons", "questions")] == [3, 1, 2]


@pytest.mark.parametrize(
    ("unit", "amount", "fits"),
    [("days", 0, False), ("days", 1, True), ("days", 7, True), ("days", 8, False), ("lessons", 100, True),
     ("lessons", 101, False), ("questions", 500, True), ("questions", 501, False), ("hours", 1, False)],
)  # fmt: skip
def test_a_goal_fits_into_a_week(unit, amount, fits):
    assert is_goal(unit, amount) is fits


@pytest.mark.parametrize(
    ("day", "hour", "fits"), [(1, 0, True), (7, 23, True), (0, 9, False), (8, 9, False), (5, 24, False)]
)
def test_a_reminder_has_a_day_of_the_week_and_an_hour(day, hour, fits):
    assert is_weekly_time(day, hour) is fits


@pytest.mark.parametrize(
    ("now", "expected"),
    [(at(23, 8), at(27, 16)), (at(27, 15, 59), at(27, 16)), (at(27, 16), at(27, 16) + timedelta(days=7))],
)
def test_a_reminder_comes_at_its_hour_there_and_then_a_week_later(now, expected):
    assert next_reminder(day=5, hour=17, zone=BERLIN, now=now) == expected


def test_an_hour_that_the_clock_skips_comes_later_and_one_that_it_repeats_comes_once():
    skipped = next_reminder(day=7, hour=2, zone=BERLIN, now=datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert skipped == datetime(2026, 3, 29, 1, tzinfo=UTC)  # 03:00 there
    repeated = next_reminder(day=7, hour=2, zone=BERLIN, now=datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert next_reminder(day=7, hour=2, zone=BERLIN, now=repeated) == datetime(2026, 11, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "timely"), [(timedelta(0), True), (LATEST, True), (LATEST + timedelta(seconds=1), False)]
)
def test_a_late_reminder_is_not_sent(late, timely):
    due = at(27, 16)
    assert is_timely(due_at=due, week=week_of(due + late, BERLIN), now=due + late) is timely


def test_a_reminder_is_not_sent_in_the_next_week():
    due = WEEK.ends_at - timedelta(hours=1)
    assert is_timely(due_at=due, week=WEEK, now=WEEK.ends_at - timedelta(seconds=1))
    assert not is_timely(due_at=due, week=week_of(WEEK.ends_at, BERLIN), now=WEEK.ends_at)


def test_a_reminder_that_was_due_as_the_week_began_is_sent():
    assert is_timely(due_at=WEEK.starts_at, week=WEEK, now=WEEK.starts_at)


def test_a_week_has_seven_days_from_monday_on():
    assert WEEK.days == tuple(date(2026, 11, day) for day in range(23, 30))


def test_a_zone_that_this_machine_knows_is_found():
    assert known_zone("Europe/Berlin") == BERLIN


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../etc/passwd"])
def test_a_zone_that_this_machine_does_not_know_is_utc(name):
    assert known_zone(name).key == "UTC"
