import django.db.models.deletion
from django.db import migrations, models

FRESH = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "replace(gen_random_uuid()::text, '-', '')"}


def fill(apps, schema_editor):
    """Give every existing course its first revision. Courses that are added later get theirs from a trigger."""
    fresh = FRESH[schema_editor.connection.vendor]
    schema_editor.execute(f"INSERT INTO course_revision (course_id, token) SELECT id, {fresh} FROM course_course")


class Migration(migrations.Migration):

    dependencies = [
        ("course", "0008_text_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("course", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="revision", serialize=False, to="course.course")),
                ("token", models.CharField(editable=False, max_length=32)),
            ],
            options={"db_table": "course_revision"},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
