"""Tasks of the worker: mail."""

from celery import shared_task

from foundation import clock
from foundation.queue import SEND_MAIL
from mail.services import send_due_mail


@shared_task(name=SEND_MAIL)  # delivered twice, it finds every message sent or taken
def send_mail_task() -> None:
    send_due_mail(clock=clock.now)
