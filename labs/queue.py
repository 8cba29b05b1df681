"""Waking workers. A message that is lost costs seconds: the sweeper wakes them again."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

TASK = "labs.run_queued"
log = logging.getLogger(__name__)


def wake_workers(queue: str) -> None:
    """After the commit, send a message; a broker that is away delays nobody."""
    transaction.on_commit(lambda: send(queue))


def send(queue: str) -> None:
    try:
        current_app.send_task(TASK, args=[queue], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("no worker could be woken, the sweeper will: %s", error)
