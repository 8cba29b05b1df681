"""End the roles that gave no rights, because an administrator had taken the account's staff status.

Since this release, a role alone gives its rights (decision 58): without this, an upgrade would give them back.
"""

from datetime import UTC, datetime

from django.db import migrations

REASON = "This account was not staff, so its role gave no rights. It was ended when the site was upgraded."


def end_roles_without_rights(apps, schema_editor):
    alias, now = schema_editor.connection.alias, datetime.now(UTC)
    enrollments = apps.get_model("course", "Enrollment").objects.using(alias)
    entries = apps.get_model("course", "AuditEntry").objects.using(alias)
    without_rights = enrollments.filter(unenrolled_at=None, user__is_staff=False, user__is_superuser=False)
    for row in without_rights.exclude(role="learner").select_related("user").order_by("pk"):
        enrollments.filter(pk=row.pk).update(unenrolled_at=now)
        entries.create(
            at=now,
            actor=None,
            course_id=row.course_id,
            action=f"dismiss_{row.role}",
            target=f"user:{row.user_id}",
            reason=REASON,
            details={"username": row.user.username},
        )


class Migration(migrations.Migration):
    dependencies = [("course", "0035_listed_addresses")]
    operations = [migrations.RunPython(end_roles_without_rights, migrations.RunPython.noop)]
