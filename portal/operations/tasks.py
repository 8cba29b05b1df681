"""The worker's entry for lab runs. It is here because a grade that tests change also needs the assessments."""

from celery import shared_task

from labs.queue import TASK
from labs.tasks import run_waiting
from quizzes.services import evidence_for


@shared_task(name=TASK, acks_late=False)  # the row is authoritative; a repeated message finds nothing to do
def run_queued(queue: str) -> int:
    return run_waiting(queue, evidence_for)
