"""Redis dies or hangs, or loses or doubles messages: every run still ends with one verdict."""

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
from labs.queue import send_to_queue, try_broker
from labs.services import requeue_lost
from tests.config.test_deploy import COMPOSE
from tests.labs.conftest import forget_connections
from tests.labs.lives import Live, Redis, wait_until
from tests.labs.making import make_learner, order, text_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
LONG = "import time\nprint('begun', flush=True)\ntime.sleep(2)\nprint('end')"


@pytest.fixture
def server(own_folders, settings, tmp_path: Path) -> Iterator[Redis]:
    """The broker and the streams of this test, configured as with several machines."""
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
    """Sweep as the sweeper would, once the run has waited for a while."""
    requeue_lost(now=run.created_at + timedelta(seconds=11))


def verdicts(*runs: Run) -> list[tuple[str | None, int, int]]:
    return [(each.verdict, each.claim, each.losses) for each in map(fresh, runs)]


def test_a_message_dropped_or_doubled_by_redis_loses_and_repeats_no_run(runner, server: Redis, live: Live):
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


def test_a_redis_killed_in_mid_run_loses_no_verdict_and_no_queued_run(runner, server: Redis, live: Live):
    live.worker()
    run = order(make_learner(), LONG)
    wait_until(lambda: redis.Redis.from_url(server.url).xlen(f"labs:stream:{run.pk}") > 2)
    server.signal(signal.SIGKILL)
    server.process.wait()
    meanwhile = order(make_learner(), "print('meanwhile')")
    wait_until(lambda: is_over(run))  # either the worker claims the next run directly, or it waits to be woken
    server.start()
    sweep(meanwhile)
    wait_until(lambda: is_over(meanwhile))
    assert verdicts(run, meanwhile) == [("succeeded", 1, 0)] * 2
    assert (text_of(fresh(run)), text_of(fresh(meanwhile))) == ("begun\nend\n", "meanwhile\n")


def test_a_hanging_redis_delays_neither_new_runs_nor_running_ones(runner, server: Redis, live: Live):
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


def test_a_full_redis_drops_live_output_and_no_message(server: Redis):
    """As the compose file sets it up, but with less memory."""
    words = COMPOSE["services"]["redis"]["command"]
    options = dict(zip(words[1::2], words[2::2], strict=True))
    client = redis.Redis.from_url(server.url)
    client.config_set("maxmemory", client.info("memory")["used_memory"] + (8 << 20))
    client.config_set("maxmemory-policy", options["--maxmemory-policy"])
    assert "--maxmemory" in options
    send_to_queue("quick")
    for number in range(32):
        streams.append(f"run-{number}", {"event": "frame", "claim": 1, "data": "x" * (1 << 20)})
    assert client.info("stats")["evicted_keys"] >= 20
    send_to_queue("quick")
    try_broker()
    assert client.llen("celery") == 2


def test_a_failed_redis_is_not_tried_for_a_while(settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    streams._redis.cache_clear()
    streams.append("run", {"event": "one"})
    until = streams._silence.until
    assert until > time.monotonic()
    streams.append("run", {"event": "two"})
    assert streams._silence.until == until
