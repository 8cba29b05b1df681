"""Wake workers. A lost message costs only seconds, because the sweeper wakes them again.

If each of several machines runs labs on its own runner, the process of a session is on one of them, and only the worker
there can start its runs. So each host has a queue that only the worker there reads, beside the shared one.
"""

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu import Exchange, Queue
from kombu.exceptions import OperationalError

TASK = "labs.run_queued"
RUN_NEXT_TRIAL = "labs.run_next_trial"
RUN_NEXT_RETEST = "labs.run_next_retest"
UNREAD = 600  # seconds after its last message in which the queue of a host that is gone disappears
log = logging.getLogger(__name__)


def wake_workers(queue: str, host: str = "") -> None:
    """Send a message after the commit, to the worker on this host if runs need one host. If the broker does not
    respond, the message is lost and the sweeper wakes the worker later.
    """
    transaction.on_commit(lambda: send_to_queue(queue, host))


def has_host_queues() -> bool:
    """Return whether there may be several machines, each of which runs labs on its own runner."""
    return bool(settings.REDIS_URL) and not settings.RUNNERS


def queue_of_host(host: str) -> Queue:
    """Return the queue of the messages that only the worker on this host takes."""
    name = f"labs.{host}"
    return Queue(name, Exchange(name), routing_key=name, expires=UNREAD)


def try_broker() -> None:
    """Store a value at the Redis that is the broker. Raises a RedisError, KombuError or OSError if that fails."""
    with current_app.connection_for_write(connect_timeout=1) as broker:
        broker.default_channel.client.set("finalcheck:broker", 1, ex=60)


def send_to_queue(queue: str, host: str = "") -> None:
    """Send a message to any worker, or to the one on this host, which then does not pass it to other hosts."""
    args, options = [queue], {}
    if host and has_host_queues():
        args, options = [queue, host], {"queue": queue_of_host(host)}
    try:
        current_app.send_task(TASK, args=args, retry=False, **options)
    except (OperationalError, OSError) as error:
        log.warning("could not wake a worker; the sweeper will: %s", error)
