"""D20: our own failures."""

from datetime import timedelta

from quizzes import services
from quizzes.models import Heartbeat
from quizzes.rules.heartbeats import SeenCause
from quizzes.rules.outages import Sighting, SweeperReport
from quizzes.selectors import outages_to_make_good
from tests import factories as make
from tests.rulebook.world import rule

NOW = make.NOW
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@rule("D20")
def minutes_that_we_lost_are_offered_for_the_sittings_then_open(w):
    w.by.start(w.exam)
    assert lost_in(w, SeenCause.PROCESS_DEAD) == ("process_dead", [(w.learner, 93)])


@rule("D20")
def time_that_others_may_have_taken_is_told_and_not_offered(w):
    w.by.start(w.exam)
    assert lost_in(w, SeenCause.REFUSED_FULL) == ("refused_full", [])


@rule("D20")
def a_learner_is_offered_what_their_own_saves_show(w):
    w.by.start(w.exam)
    w.by.at(NOW + 10 * SECOND)
    assert w.by.check(w.paper()[0], make.right(w.paper()[0]), 1) == "ok"
    assert lost_in(w, SeenCause.DATABASE_AWAY) == ("database_away", [(w.learner, 83)])


def lost_in(w, seen):
    """Let 93 seconds pass in which a sweeper sees this. Return the cause, and who is offered how many seconds."""
    services.beat(now=NOW)
    back = NOW + 93 * SECOND
    report = SweeperReport(NOW - HOUR, (Sighting(NOW, back, seen),))
    services.beat(now=back, report=report, serving_since=NOW - HOUR)
    (outage,) = outages_to_make_good(w.course.pk, back)
    return outage.cause, [(each.sitting.learner, each.seconds) for each in outage.offered]


@rule("D20")
def the_heartbeat_records_our_own_gaps(w):
    for seconds in (0, 30, 61):
        services.beat(now=NOW + seconds * SECOND)
    assert [(beat.started_at, beat.beat_at) for beat in Heartbeat.objects.order_by("pk")] == [
        (NOW, NOW + 30 * SECOND),
        (NOW + 61 * SECOND, NOW + 61 * SECOND),
    ]
    assert w.by.check(w.numeric, make.right(w.numeric), 1) == "ok"
