"""The worker's entries for work of several apps: a grade that a lab's tests change also needs the assessments."""

from celery import shared_task

from foundation import clock
from labs.queue import TASK
from labs.tasks import run_waiting
from portal.goals.services import SEND_REMINDERS, send_reminders
from portal.rights.services import BUILD_EXPORT, build_export
from quizzes.services import evidence_for


@shared_task(name=TASK, acks_late=False)  # the row is authoritative; a repeated message finds nothing to do
def run_queued(queue: str, host: str = "") -> int:
    """Execute the runs that wait. `host` is set if the message was for this host's worker alone."""
    return run_waiting(queue, evidence_for, host)


@shared_task(name=BUILD_EXPORT)  # delivered twice, it finds the archive built or being built
def build_export_task(export_id: int) -> None:
    build_export(export_id=export_id, clock=clock.now)


@shared_task(name=SEND_REMINDERS)  # delivered twice, it finds every reminder passed to its next week
def send_reminders_task() -> None:
    send_reminders(clock=clock.now)
