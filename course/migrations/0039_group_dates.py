import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from course.migrations._guards import guard


class Migration(migrations.Migration):
    dependencies = [("course", "0038_course_creators")]
    operations = [
        migrations.AddField(
            model_name="dateextension",
            name="opens_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="dateextension",
            name="is_exact",
            field=models.BooleanField(null=True),
        ),
        migrations.CreateModel(
            name="GroupDates",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("activity", models.CharField(max_length=40)),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("change", models.CharField(max_length=12)),
                ("created_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dates", to="course.learnergroup"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["group", "activity"], name="dates_of_group")]},
        ),
        migrations.CreateModel(
            name="VaryingDates",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("activity", models.CharField(max_length=40, unique=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="course.course"
                    ),
                ),
            ],
        ),
        migrations.RunPython(*guard(append_only=["course_groupdates"])),
    ]
