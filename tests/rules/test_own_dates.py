"""A learner's date comes before a group's, and a group's before the course's; of several groups the latest counts (D39)."""

from datetime import UTC, datetime, timedelta

import pytest

from course.rules.own_dates import (
    NOTHING_OWN,
    Contradiction,
    DatesOfGroup,
    OwnDates,
    SourcedDate,
    contradictions,
    in_force,
    latest_closing_of,
    outside_course,
    sourced_date,
)
from course.rules.schedule import Dates

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
COURSE = Dates(NOON, NOON + HOUR, NOON + 2 * HOUR)


def in_groups(**closings):
    return tuple(DatesOfGroup(name, Dates(closes_at=at)) for name, at in closings.items())


def closing(own, common=COURSE):
    return sourced_date("closes_at", common, own)


def test_without_dates_of_ones_own_the_courses_hold():
    assert in_force(COURSE, NOTHING_OWN) == in_force(COURSE, OwnDates()) == COURSE
    assert closing(NOTHING_OWN) == SourcedDate(NOON + 2 * HOUR, "course")


@pytest.mark.parametrize("at", [NOON + HOUR, NOON + 3 * HOUR])
def test_a_groups_date_comes_before_the_courses_also_an_earlier_one(at):
    assert closing(OwnDates(groups=in_groups(A=at))) == SourcedDate(at, "group", "A")
    assert closing(OwnDates(groups=in_groups(A=at)), Dates()) == SourcedDate(at, "group", "A")


def test_of_several_groups_the_latest_date_counts_and_equal_ones_name_the_first_group():
    early, late = NOON + HOUR, NOON + 3 * HOUR
    assert closing(OwnDates(groups=in_groups(A=late, B=early))) == SourcedDate(late, "group", "A")
    assert closing(OwnDates(groups=in_groups(B=late, A=late))) == SourcedDate(late, "group", "A")


def test_a_date_that_a_group_lacks_is_the_courses():
    own = OwnDates(groups=(DatesOfGroup("A", Dates(opens_at=NOON - HOUR)),))
    assert in_force(COURSE, own) == Dates(NOON - HOUR, COURSE.due_at, COURSE.closes_at)


@pytest.mark.parametrize("at", [NOON + HOUR, NOON + 5 * HOUR])
def test_an_exact_date_of_the_learner_comes_before_a_groups(at):
    own = OwnDates(Dates(closes_at=at), is_exact=True, groups=in_groups(A=NOON + 3 * HOUR))
    assert closing(own) == SourcedDate(at, "learner")


def test_an_extension_never_takes_away_what_the_group_has():
    groups = in_groups(A=NOON + 3 * HOUR)
    assert closing(OwnDates(Dates(closes_at=NOON + HOUR), groups=groups)).source == "group"
    assert closing(OwnDates(Dates(closes_at=NOON + 4 * HOUR), groups=groups)).source == "learner"


def test_dates_that_contradict_each_other_are_named_with_their_sources():
    late_opening = OwnDates(groups=(DatesOfGroup("A", Dates(opens_at=NOON + 90 * HOUR / 60)),))
    assert contradictions(COURSE, late_opening) == [
        Contradiction("opens_at", SourcedDate(NOON + 90 * HOUR / 60, "group", "A"), "due_at", SourcedDate(NOON + HOUR)),
    ]
    assert contradictions(COURSE, OwnDates(groups=in_groups(A=NOON + HOUR))) == []
    assert [pair[0] for pair in contradictions(COURSE, OwnDates(groups=in_groups(A=NOON)))] == ["opens_at", "due_at"]


def test_a_groups_date_replaces_a_modules_but_not_the_opening_and_closing_of_the_course():
    course = Dates(NOON, None, NOON + 9 * HOUR)
    common = Dates(None, None, NOON + HOUR).within(Dates(None, None, NOON + 2 * HOUR)).within(course)
    group = DatesOfGroup("A", Dates(NOON - HOUR, NOON + 10 * HOUR, NOON + 10 * HOUR))
    assert in_force(common, OwnDates(groups=(group,))) == Dates(NOON, NOON + 10 * HOUR, NOON + 9 * HOUR)
    assert closing(OwnDates(groups=in_groups(A=NOON + 5 * HOUR)), common) == SourcedDate(NOON + 5 * HOUR, "group", "A")
    assert [(pair.first, pair.before.source, pair.after.source) for pair in outside_course(common, group)] == [
        ("opens_at", "course", "group"),
        ("closes_at", "group", "course"),
    ]
    assert outside_course(COURSE, group) == []


def test_something_has_closed_for_everyone_at_its_latest_closing():
    later = OwnDates(groups=in_groups(A=NOON + 9 * HOUR))
    assert latest_closing_of(COURSE, {}) == COURSE.closes_at
    assert latest_closing_of(COURSE, {1: later, 2: OwnDates(groups=in_groups(B=NOON))}) == NOON + 9 * HOUR
    assert latest_closing_of(Dates(), {1: later}) is None
