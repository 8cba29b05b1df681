"""Web servers that start at the same instant each record a heartbeat (D20)."""

from datetime import timedelta

from quizzes.models import Heartbeat
from quizzes.services import beat
from tests.factories import NOW
from tests.races.running import counted, in_threads


def test_web_servers_that_come_back_together_begin_one_period_of_service():
    beat(now=NOW)
    outcomes = in_threads(lambda _: beat(now=NOW + timedelta(minutes=5)), 8)
    assert (counted(outcomes), Heartbeat.objects.count()) == ({"ok": 8}, 2)
