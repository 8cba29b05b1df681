"""Order, build and forget archives of what is stored about a person. `portal.rights` says what is in them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from course.models import Course
from portal.rights.models import ExportPart, PersonalExport
from records.services import record_audit

LOST_AFTER = timedelta(minutes=5)  # without a move, another worker takes the archive over
PART = 1024 * 1024


@transaction.atomic
def request_export(
    *, user: User, asked_by: User, now: datetime, course: Course | None = None, reason: str = ""
) -> tuple[PersonalExport, bool]:
    """Order an archive. Return it, and whether it is new: one that is still being built is returned as it is.

    A new archive replaces an older one of the same person, course and reader.
    """
    User.objects.select_for_update(no_key=True).get(pk=asked_by.pk)  # two requests at once count one after the other
    rows = PersonalExport.objects.filter(user=user, course=course, asked_by=asked_by)
    running = rows.filter(finished_at=None).first()
    if running is not None:
        return running, False
    rows.delete()
    export = PersonalExport.objects.create(user=user, course=course, asked_by=asked_by, requested_at=now)
    record_audit(
        actor=asked_by, action="export_person", now=now, course=course, target=f"user:{user.pk}", reason=reason
    )
    return export, True


def claim_export(*, export_id: int, total: int, now: datetime) -> PersonalExport | None:
    """Take an archive to build it, or return None if it is built or another worker builds it."""
    free = Q(moved_at=None) | Q(moved_at__lt=now - LOST_AFTER)
    rows = PersonalExport.objects.filter(free, pk=export_id, finished_at=None)
    if not rows.update(moved_at=now, done=0, total=total):
        return None
    return PersonalExport.objects.select_related("user", "course").get(pk=export_id)


def move_export(*, export: PersonalExport, done: int, now: datetime) -> bool:
    """Record that so many sections are written. Return False if another worker has taken the archive over."""
    rows = PersonalExport.objects.filter(pk=export.pk, moved_at=export.moved_at, finished_at=None)
    export.moved_at = now
    return bool(rows.update(done=done, moved_at=now))


@transaction.atomic
def finish_export(*, export: PersonalExport, content: Iterable[bytes], now: datetime) -> bool:
    """Store the archive. Return False if another worker has taken it over, or if it was withdrawn."""
    rows = PersonalExport.objects.filter(pk=export.pk, moved_at=export.moved_at, finished_at=None)
    if not rows.update(finished_at=now):
        return False
    size = 0
    for number, piece in enumerate(content):
        ExportPart.objects.create(export=export, number=number, content=piece)
        size += len(piece)
    PersonalExport.objects.filter(pk=export.pk).update(size=size, done=export.total)
    return True


def waiting_exports(*, now: datetime) -> list[int]:
    """Return the ids of archives that no worker is building."""
    free = Q(moved_at=None) | Q(moved_at__lt=now - LOST_AFTER)
    return list(PersonalExport.objects.filter(free, finished_at=None).order_by("pk").values_list("pk", flat=True))


def forget_exports(*, now: datetime) -> int:
    """Delete archives that were requested more than `settings.EXPORTS_KEPT` ago. Return how many rows."""
    removed: int = PersonalExport.objects.filter(requested_at__lte=now - settings.EXPORTS_KEPT).delete()[0]
    return removed
