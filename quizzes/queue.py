"""Waking a worker. A message that is lost costs seconds or minutes: the rows are the truth, and the sweeper asks again."""

import logging
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

FOLLOW_REGRADE = "quizzes.follow_regrade"
COMPUTE_ANALYSIS = "quizzes.compute_analysis"
log = logging.getLogger(__name__)


def wake(task: str, *args: Any) -> None:
    """After the commit, send a message; a broker that is away delays nobody."""
    transaction.on_commit(lambda: send(task, *args))


def send(task: str, *args: Any) -> None:
    try:
        current_app.send_task(task, args=args, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("no worker could be woken, the sweeper will see to it: %s", error)
