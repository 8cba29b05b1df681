"""Run the migration of accommodations' reasons on an empty database, and print its result as JSON.

python -m tests.course.moving
"""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # Django must be set up before its parts are imported
from django.db import DatabaseError, connection, transaction  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.unsquashed import migrate_unsquashed  # noqa: E402

BEFORE = ("course", "0005_text_versions")


def fill() -> None:
    """Make two accommodations with reasons, each with its audit entry, and an entry of another kind."""
    models = MigrationExecutor(connection).loader.project_state([BEFORE]).apps
    get = lambda name: models.get_model("course", name).objects  # noqa: E731
    now = timezone.now()
    user = get("User").create(username="mina")
    course = get("Course").create(slug="deep", title="Deep", pass_percent=70)
    enrollment = get("Enrollment").create(user=user, course=course, enrolled_at=now)
    for multiplier, reason in ((2, "a diagnosis"), (1, "it ended")):
        given = {"reason": reason, "author": user, "created_at": now}
        get("Accommodation").create(enrollment=enrollment, multiplier=multiplier, **given)
        told = {"action": "set_accommodation", "reason": reason, "details": {"after": str(multiplier)}}
        get("AuditEntry").create(at=now, course=course, **told)
    get("AuditEntry").create(at=now, course=course, action="override", reason="an oral exam")


def is_guarded(act: object) -> bool:
    try:
        with transaction.atomic():
            act()  # type: ignore[operator]
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def result() -> dict[str, object]:
    from people.models import Accommodation, AccommodationNote
    from records.models import AuditEntry

    entries = AuditEntry.objects.order_by("pk")
    return {
        "notes": list(AccommodationNote.objects.order_by("pk").values_list("accommodation__multiplier", "text")),
        "entries": list(entries.values_list("action", "reason", "details")),
        "guards": [
            is_guarded(lambda: Accommodation.objects.update(multiplier=3)),
            is_guarded(lambda: Accommodation.objects.all()._raw_delete(connection.alias)),
            is_guarded(lambda: entries.update(reason="another")),
            is_guarded(lambda: AuditEntry.objects.all()._raw_delete(connection.alias)),
        ],
    }


if __name__ == "__main__":
    migrate_unsquashed(*BEFORE)
    fill()
    call_command("migrate", "course", verbosity=0)
    sys.stdout.write(json.dumps(result(), default=str))
