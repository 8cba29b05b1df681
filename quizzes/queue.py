"""Waking a worker for scores that follow a regrade. A message that is lost costs seconds: the sweeper follows, too."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

TASK = "quizzes.follow_regrade"
log = logging.getLogger(__name__)


def wake_followers(rescoring_id: int) -> None:
    """After the commit, send a message; a broker that is away delays nobody."""
    transaction.on_commit(lambda: send(rescoring_id))


def send(rescoring_id: int) -> None:
    try:
        current_app.send_task(TASK, args=[rescoring_id], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("no worker could be woken, the sweeper will follow: %s", error)
