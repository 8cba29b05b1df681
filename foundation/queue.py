"""Wake a worker. A lost message costs seconds or minutes: the work is stored in rows, and the sweeper wakes workers again."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

SEND_MAIL = "course.send_mail"
log = logging.getLogger(__name__)


def wake(task: str, *args: object) -> None:
    """Send a message after the commit. A broker that does not respond delays nobody."""
    transaction.on_commit(lambda: send_task(task, *args))


def send_task(task: str, *args: object) -> None:
    try:
        current_app.send_task(task, args=args, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("could not wake a worker; the sweeper will: %s", error)
