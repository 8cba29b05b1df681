"""Remove the column. SQLite may rebuild the table for this, so the table's guards are created again."""

from functools import partial

from django.db import migrations

from course.migrations._guards import drop_guards, set_guards

TABLES = ["course_accommodation"]


class Migration(migrations.Migration):
    dependencies = [("course", "0006_accommodation_notes")]

    operations = [
        migrations.RunPython(partial(drop_guards, TABLES, ()), partial(set_guards, TABLES, ())),
        migrations.RemoveField(model_name="accommodation", name="reason"),
        migrations.RunPython(partial(set_guards, TABLES, ()), partial(drop_guards, TABLES, ())),
    ]
