"""Web servers that start, and sweepers that report, at the same instant (D20)."""

from datetime import timedelta

from quizzes.models import FullHolder, FullPeriod, Heartbeat, Outage
from quizzes.rules.full_servers import Holder, HolderKind
from quizzes.rules.heartbeats import SeenCause
from quizzes.rules.outages import Sighting, SweeperReport
from quizzes.services import beat, record_full
from tests import factories as make
from tests.factories import NOW
from tests.races.running import counted, in_threads

GONE = NOW - timedelta(minutes=5)


def test_web_servers_that_come_back_together_begin_one_period_of_service():
    beat(now=NOW)
    outcomes = in_threads(lambda _: beat(now=NOW + timedelta(minutes=5)), 8)
    assert (counted(outcomes), Heartbeat.objects.count()) == ({"ok": 8}, 2)


def report(seen):
    return SweeperReport(GONE - timedelta(minutes=5), (Sighting(GONE, NOW, seen),))


def test_sweepers_that_report_an_outage_together_record_it_once():
    beat(now=GONE)
    outcomes = in_threads(lambda _: beat(now=NOW, report=report(SeenCause.PROCESS_DEAD), serving_since=GONE), 8)
    assert (counted(outcomes), Heartbeat.objects.count()) == ({"ok": 8}, 2)
    assert list(Outage.objects.values_list("began_at", "ended_at", "cause")) == [(GONE, NOW, "process_dead")]


def test_sweepers_that_contradict_each_other_leave_an_outage_that_others_may_have_caused():
    beat(now=GONE)
    saw = (SeenCause.PROCESS_DEAD, SeenCause.REFUSED_FULL)
    outcomes = in_threads(lambda number: beat(now=NOW, report=report(saw[number % 2]), serving_since=GONE), 8)
    assert counted(outcomes) == {"ok": 8}
    assert list(Outage.objects.values_list("began_at", "ended_at", "cause")) == [(GONE, NOW, "refused_full")]


def test_sweepers_that_hear_of_the_same_full_server_record_it_once():
    person = make.make_user()

    def tell(number):
        holders = [
            Holder(HolderKind.ADDRESS, "192.0.2.7", None, connections=number),
            Holder(HolderKind.PERSON, "192.0.2.7", person.pk, connections=number),
        ]
        return record_full(from_at=GONE, until_at=NOW, holders=holders, now=NOW)

    assert counted(in_threads(tell, 8)) == {"ok": 8}
    assert FullPeriod.objects.count() == 1
    assert list(FullHolder.objects.values_list("connections", flat=True)) == [7, 7]
