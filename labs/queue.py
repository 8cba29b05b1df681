"""Wake workers. A lost message costs only seconds, because the sweeper wakes them again."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

TASK = "labs.run_queued"
RUN_NEXT_TRIAL = "labs.run_next_trial"
RUN_NEXT_RETEST = "labs.run_next_retest"
log = logging.getLogger(__name__)


def wake_workers(queue: str) -> None:
    """Send a message after the commit. A broker that does not respond delays nobody."""
    transaction.on_commit(lambda: send_to_queue(queue))


def try_broker() -> None:
    """Store a value at the Redis that is the broker. Raises a RedisError, KombuError or OSError if it stores nothing."""
    with current_app.connection_for_write(connect_timeout=1) as broker:
        broker.default_channel.client.set("finalcheck:broker", 1, ex=60)


def send_to_queue(queue: str) -> None:
    try:
        current_app.send_task(TASK, args=[queue], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("could not wake a worker; the sweeper will: %s", error)
