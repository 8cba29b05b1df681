"""Redis that dies or hangs, messages that it loses or doubles: every run ends with one verdict all the same."""

import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from celery import current_app

from labs import streams
from labs.models import Run
from labs.services import requeue_lost
from tests.labs.conftest import forget_connections
from tests.labs.lives import Live, Redis, wait_until
from tests.labs.making import make_learner, order, text_of

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "import time\nprint('begun', flush=True)\ntime.sleep(2)\nprint('end')"


@pytest.fixture
def server(own_folders, settings, tmp_path: Path) -> Iterator[Redis]:
    """The broker and the streams of this test, set up as on a host of several machines."""
    with Redis(tmp_path) as found:
        settings.REDIS_URL = found.url
        options = {"socket_timeout": 2, "socket_connect_timeout": 1, "max_retries": 1, "interval_start": 0}
        current_app.conf.update(broker_url=found.url, broker_transport_options=options)
        forget_connections()
        streams._redis.cache_clear()
        yield found


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def is_over(run: Run) -> bool:
    return fresh(run).state == "finished"


def sweep(run: Run) -> None:
    """As the sweeper would, once the run has waited for a while."""
    requeue_lost(now=run.created_at + timedelta(seconds=11))


def verdicts(*runs: Run) -> list[tuple[str | None, int, int]]:
    return [(each.verdict, each.claim, each.losses) for each in map(fresh, runs)]


def test_a_message_dropped_or_doubled_by_redis_costs_no_run_and_doubles_none(runner, server: Redis, live: Live):
    worker = live.worker()
    first = order(make_learner())
    wait_until(lambda: is_over(first))
    worker.send_signal(signal.SIGSTOP)
    server.cut_off_who_waits()
    lost = order(make_learner(), "print('lost')")
    assert server.drop() == 1
    sweep(lost)
    assert server.double() == 1
    worker.send_signal(signal.SIGCONT)
    wait_until(lambda: is_over(lost))
    assert verdicts(first, lost) == [("succeeded", 1, 0)] * 2
    assert text_of(fresh(lost)) == "lost\n"


def test_redis_killed_in_mid_run_costs_no_verdict_and_what_was_ordered_meanwhile_runs_after(
    runner, server: Redis, live: Live
):
    live.worker()
    run = order(make_learner(), LONG)
    wait_until(lambda: redis.Redis.from_url(server.url).xlen(f"labs:stream:{run.pk}") > 2)
    server.signal(signal.SIGKILL)
    server.process.wait()
    meanwhile = order(make_learner(), "print('meanwhile')")
    wait_until(lambda: is_over(run))  # the worker may take the next by itself, or wait to be woken
    server.start()
    sweep(meanwhile)
    wait_until(lambda: is_over(meanwhile))
    assert verdicts(run, meanwhile) == [("succeeded", 1, 0)] * 2
    assert (text_of(fresh(run)), text_of(fresh(meanwhile))) == ("begun\nend\n", "meanwhile\n")


def test_a_redis_that_hangs_holds_up_neither_who_presses_run_nor_what_runs(runner, server: Redis, live: Live):
    live.worker()
    first = order(make_learner())
    wait_until(lambda: is_over(first))
    server.signal(signal.SIGSTOP)
    run = order(make_learner(), "for number in range(500): print(number, flush=True)")  # returns while Redis hangs
    server.signal(signal.SIGCONT)
    sweep(run)
    wait_until(lambda: is_over(run))
    assert verdicts(first, run) == [("succeeded", 1, 0)] * 2
    assert len(text_of(fresh(run)).splitlines()) == 500


def test_a_redis_that_failed_is_left_alone_for_a_while(settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    streams._redis.cache_clear()
    streams.append("run", {"event": "one"})
    until = streams._silence.until
    assert until > time.monotonic()
    streams.append("run", {"event": "two"})
    assert streams._silence.until == until
