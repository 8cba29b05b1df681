"""The worker's entries for work of several apps."""

from celery import shared_task

from foundation import clock
from portal.goals.services import SEND_REMINDERS, send_reminders
from portal.rights.services import BUILD_EXPORT, build_export
from practice.services import SEND_PRACTICE_REMINDERS, send_practice_reminders


@shared_task(name=BUILD_EXPORT)  # delivered twice, it finds the archive built or being built
def build_export_task(export_id: int) -> None:
    build_export(export_id=export_id, clock=clock.now)


@shared_task(name=SEND_REMINDERS)  # delivered twice, it finds every reminder passed to its next week
def send_reminders_task() -> None:
    send_reminders(clock=clock.now)


@shared_task(name=SEND_PRACTICE_REMINDERS)  # delivered twice, it finds every reminder passed to its next day
def send_practice_reminders_task() -> None:
    send_practice_reminders(clock=clock.now)
