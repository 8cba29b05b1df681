"""Move the reasons for accommodations out of the append-only tables (docs/decisions/0019-private-notes.md)."""

from django.db import migrations, models
from django.db.models import Count
from django.utils import timezone

from course.migrations._guards import drop_guards, set_guards

WHY = (
    "Reasons for accommodations can be health data, so they moved to private notes. These entries keep who set which "
    "multiplier for whom, and when; only their reason was emptied."
)


def move_reasons(apps, schema_editor):
    Accommodation, Note = (apps.get_model("course", name) for name in ("Accommodation", "AccommodationNote"))
    AuditEntry = apps.get_model("course", "AuditEntry")
    kept = Accommodation.objects.exclude(reason="").values_list("pk", "reason")
    Note.objects.bulk_create([Note(accommodation_id=pk, text=reason) for pk, reason in kept.iterator()], batch_size=500)
    told = AuditEntry.objects.filter(action="set_accommodation").exclude(reason="")
    by_course = list(told.order_by().values_list("course").annotate(Count("pk")))
    drop_guards(["course_auditentry"], (), apps, schema_editor)
    told.update(reason="")
    set_guards(["course_auditentry"], (), apps, schema_editor)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=timezone.now(),
            course_id=course,
            action="move_accommodation_reasons",
            reason=WHY,
            details={"entries": number},
        )
        for course, number in by_course
    )


class Migration(migrations.Migration):
    dependencies = [("course", "0005_text_versions")]

    operations = [
        migrations.CreateModel(
            name="AccommodationNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                (
                    "accommodation",
                    models.OneToOneField(
                        on_delete=models.deletion.CASCADE, related_name="note", to="course.accommodation"
                    ),
                ),
            ],
        ),
        migrations.RunPython(move_reasons, migrations.RunPython.noop, elidable=True),
    ]
