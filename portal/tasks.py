"""The worker's way in for lab runs: a grade that tests move needs what the assessments know."""

from celery import shared_task

from labs.queue import TASK
from labs.tasks import run_queued as run_waiting
from quizzes.services import evidence_for


@shared_task(name=TASK, acks_late=False)  # the row is the truth; a message that comes again finds nothing to do
def run_queued(queue: str) -> int:
    return run_waiting(queue, evidence_for)
