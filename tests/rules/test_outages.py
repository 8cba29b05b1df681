"""Which part of a gap is an outage of ours, and how much time a learner lost in it (D20)."""

from datetime import UTC, datetime, timedelta

import pytest

from quizzes.rules.heartbeats import OutageCause, SeenCause
from quizzes.rules.outages import (
    CausedOutage,
    Sighting,
    SweeperReport,
    is_disputed,
    joined_stretches,
    lost_time,
    outages_in,
    report_body,
    report_in,
    weighed_cause,
)

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DEAD, AWAY, STALLED, FULL, CLOSED = (
    *(SeenCause.PROCESS_DEAD, SeenCause.DATABASE_AWAY, SeenCause.MACHINE_STALLED),
    *(SeenCause.REFUSED_FULL, SeenCause.CLOSED),
)


def at(seconds):
    return START + timedelta(seconds=seconds)


def explained(length, *seen, since=-100, serving_since=-100):
    """Return the outages in a gap of this many seconds as (begin, end, cause); `seen` are (begin, end, what)."""
    sightings = tuple(Sighting(at(one), at(two), what) for one, two, what in seen)
    report = SweeperReport(at(since), sightings)
    found = outages_in(began_at=at(0), ended_at=at(length), report=report, serving_since=at(serving_since))
    return [((one - START).total_seconds(), (two - START).total_seconds(), cause.value) for one, two, cause in found]


@pytest.mark.parametrize("seen", [DEAD, AWAY, STALLED, FULL])
def test_a_gap_in_which_one_thing_was_seen_is_an_outage_of_that_cause_with_the_usual_waits(seen):
    assert explained(93, (8, 90, seen)) == [(0, 93, seen.value)]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        # neighbors that are ours count as one, by the longer of them
        ([(5, 30, DEAD), (30, 80, AWAY)], [(0, 80, "database_away")]),
        ([(5, 50, DEAD), (50, 80, AWAY)], [(0, 80, "process_dead")]),
        # a part that is ours and long enough stands alone; the rest is not ours
        ([(5, 40, DEAD), (40, 80, FULL)], [(0, 40, "process_dead"), (40, 80, "refused_full")]),
        ([(5, 40, FULL), (40, 80, DEAD)], [(0, 40, "refused_full"), (40, 80, "process_dead")]),
        ([(5, 60, DEAD), (60, 80, FULL)], [(0, 60, "process_dead")]),
        ([(5, 50, DEAD), (50, 80, FULL)], [(0, 50, "process_dead")]),
        ([(5, 35, DEAD), (35, 45, FULL), (45, 80, DEAD)], [(0, 35, "process_dead"), (45, 80, "process_dead")]),
        # parts of ours that are too short for an outage make the whole gap one that is not
        ([(5, 30, DEAD), (30, 80, FULL)], [(0, 80, "refused_full")]),
        ([(5, 25, DEAD), (25, 50, FULL), (50, 80, DEAD)], [(0, 80, "refused_full")]),
        # nobody saw a stretch of it
        ([], [(0, 80, "refused_full")]),
        ([(5, 20, DEAD)], [(0, 80, "refused_full")]),
        ([(5, 45, DEAD)], [(0, 45, "process_dead"), (45, 80, "refused_full")]),
        ([(40, 80, DEAD)], [(0, 40, "refused_full"), (40, 80, "process_dead")]),
        ([(5, 35, DEAD), (55, 80, DEAD)], [(0, 35, "process_dead"), (35, 80, "refused_full")]),
        # what was seen before the gap and after it says nothing about it
        ([(-50, -5, DEAD), (5, 80, FULL)], [(0, 80, "refused_full")]),
        ([(-50, -30, FULL), (5, 80, DEAD)], [(0, 80, "process_dead")]),
        ([(5, 80, DEAD), (110, 130, FULL)], [(0, 80, "process_dead")]),
        ([(-50, 75, DEAD)], [(0, 80, "process_dead")]),
        # a connection that was closed is of a process that died, if it was dead beside it
        ([(5, 8, CLOSED), (8, 80, DEAD)], [(0, 80, "process_dead")]),
        ([(5, 40, DEAD), (40, 42, CLOSED), (42, 44, CLOSED), (44, 80, DEAD)], [(0, 80, "process_dead")]),
        ([(5, 80, CLOSED)], [(0, 80, "refused_full")]),
        ([(5, 40, CLOSED), (40, 80, FULL)], [(0, 80, "refused_full")]),
        ([(5, 40, CLOSED), (40, 80, AWAY)], [(0, 40, "refused_full"), (40, 80, "database_away")]),
        # beside it means directly before or after the closed connections, and for some time
        ([(5, 20, DEAD), (20, 22, CLOSED), (22, 60, CLOSED), (60, 80, FULL)], [(0, 60, "process_dead")]),
        ([(5, 20, DEAD), (20, 25, FULL), (25, 60, CLOSED), (60, 80, FULL)], [(0, 80, "refused_full")]),
        ([(5, 40, CLOSED), (40, 60, FULL), (60, 80, DEAD)], [(0, 80, "refused_full")]),
        ([(5, 30, FULL), (30, 30, DEAD), (30, 80, CLOSED)], [(0, 80, "refused_full")]),
    ],
)
def test_a_gap_with_several_causes_is_ours_only_where_nobody_else_can_have_caused_it(seen, expected):
    assert explained(80, *seen) == expected


@pytest.mark.parametrize(("wait", "begins_at"), [(11, 0), (11.000001, 11.000001)])
def test_what_was_seen_extends_over_the_usual_wait_before_it_and_not_further(wait, begins_at):
    assert explained(80, (wait, 80, STALLED)) == [(begins_at, 80, "machine_stalled")]


@pytest.mark.parametrize(
    ("length", "expected"), [(30, "refused_full"), (30.000001, "process_dead")], ids=["30 seconds", "a little more"]
)
def test_a_part_of_more_than_thirty_seconds_is_an_outage_of_its_own(length, expected):
    assert explained(80, (0, length, DEAD), (length, 80, FULL))[0][2] == expected


@pytest.mark.parametrize(
    ("since", "serving_since", "seen", "expected"),
    [
        (85, 80, [], [(0, 90, "process_dead")]),  # everything began again
        (75, 80, [(75, 81, DEAD)], [(0, 90, "process_dead")]),
        (85, 80, [(-10, 0, FULL)], [(0, 90, "process_dead")]),  # also if it was full until the last heartbeat
        (0, 80, [], [(0, 90, "refused_full")]),  # the sweeper began with the last heartbeat, so it lived in the gap
        (75, -100, [], [(0, 90, "refused_full")]),  # only the sweeper began again, and the web server lived
        (-100, 80, [], [(0, 90, "refused_full")]),  # the sweeper lived and did not ask
        (40, 50, [(40, 88, FULL)], [(0, 40, "process_dead"), (40, 90, "refused_full")]),
    ],
)
def test_an_installation_that_began_again_was_down_before(since, serving_since, seen, expected):
    assert explained(90, *seen, since=since, serving_since=serving_since) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([], False),
        ([(0, 60, DEAD)], False),
        ([(0, 60, AWAY)], False),
        ([(0, 60, STALLED)], False),
        ([(0, 10, FULL)], False),
        ([(0, 10.000001, FULL)], True),
        ([(0, 6, FULL), (20, 26, CLOSED)], True),
        ([(-50, 5, FULL), (55, 90, FULL)], False),
    ],
)
def test_another_sweeper_disputes_an_outage_of_ours_if_it_saw_something_else_for_longer_than_it_waits(seen, expected):
    sightings = tuple(Sighting(at(one), at(two), what) for one, two, what in seen)
    outage = CausedOutage(at(0), at(60), OutageCause.PROCESS_DEAD)
    assert is_disputed(outage, SweeperReport(at(-100), sightings)) is expected


@pytest.mark.parametrize(
    ("full", "expected"),
    [
        ([], "process_dead"),
        ([(-60, -11)], "process_dead"),
        ([(-60, -10)], "refused_full"),  # it was full when it died
        ([(10, 20)], "refused_full"),  # it got full after the last heartbeat
        ([(11, 20)], "process_dead"),  # learners came back
        ([(70, 90)], "process_dead"),
        ([(-60, -11), (-5, 100)], "refused_full"),
    ],
)
def test_a_process_that_dies_while_it_is_full_may_have_died_of_others_requests(full, expected):
    times = [(at(one), at(two)) for one, two in full]
    assert weighed_cause(OutageCause.PROCESS_DEAD, began_at=at(0), full=times) == expected


@pytest.mark.parametrize(
    ("sitting", "pauses", "saves", "expected"),
    [
        ((-600, 3000), [], [], 93),
        ((0, 93), [], [], 93),
        # the overlap with the sitting
        ((60, 3000), [], [], 33),
        ((-600, 10), [], [], 10),
        ((93, 3000), [], [], 0),
        ((-600, 0), [], [], 0),
        ((92.5, 3000), [], [], 1),  # rounded up
        # a save shows that the outage had not begun, or was over
        ((-600, 3000), [], [3], 90),
        ((-600, 3000), [], [80], 80),
        ((-600, 3000), [], [3, 80], 77),
        ((-600, 3000), [], [31, 62], 31),
        ((-600, 3000), [], [each * 3 for each in range(40)], 3),
        ((60, 3000), [], [70], 23),
        ((-600, 3000), [], [-5, 0, 93, 200], 93),  # outside of the outage
        # the clock was stopped
        ((-600, 3000), [(-60, 200)], [], 0),
        ((-600, 3000), [(33, 200)], [], 33),
        ((-600, 3000), [(-60, 33)], [], 60),
        ((-600, 3000), [(10, 20), (30, 40)], [], 73),
        ((-600, 3000), [(10, 90)], [50], 10),
    ],
)
def test_a_learner_lost_the_longest_part_of_the_outage_in_which_nothing_of_theirs_was_saved(
    sitting, pauses, saves, expected
):
    lost = lost_time(
        outage=(at(0), at(93)),
        sitting=(at(sitting[0]), at(sitting[1])),
        pauses=[(at(one), at(two)) for one, two in pauses],
        saves=[at(each) for each in saves],
    )
    assert lost == timedelta(seconds=expected)


def test_times_when_a_server_was_full_are_joined_over_half_a_minute():
    times = [(at(100), at(110)), (at(0), at(50)), (at(80), at(95)), (at(10), at(20)), (at(140.000001), at(150))]
    assert joined_stretches(times) == [(at(0), at(110)), (at(140.000001), at(150))]


def test_a_report_arrives_as_it_was_sent_and_what_else_is_sent_is_no_report():
    sent = SweeperReport(at(0), (Sighting(at(1), at(2), DEAD), Sighting(at(2), at(30.25), CLOSED)))
    assert report_in(report_body(sent)) == sent
    for other in ("heartbeat", None, {}, [], {"seen": []}, {"seen": [[1, 2, 3]], "asking_since": at(0).isoformat()}):
        assert report_in(other) is None


def test_a_report_has_at_most_the_last_sixty_sightings():
    many = tuple(Sighting(at(each), at(each + 1), DEAD) for each in range(100))
    assert report_in(report_body(SweeperReport(at(0), many))).seen == many[40:]
