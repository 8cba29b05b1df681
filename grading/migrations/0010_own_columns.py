import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("course", "0039_group_dates"), ("grading", "0009_event_basis")]
    operations = [
        migrations.CreateModel(
            name="OwnColumn",
            fields=[
                ("id", models.CharField(editable=False, max_length=12, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=200)),
                ("maximum", models.DecimalField(decimal_places=2, max_digits=9)),
                ("category", models.CharField(max_length=80)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("is_extra", models.BooleanField(default=False)),
                ("position", models.PositiveIntegerField()),
                ("is_retired", models.BooleanField(default=False)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="course.course"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=["course", "key"], name="own_column_key"),
                    models.CheckConstraint(condition=Q(maximum__gt=0), name="own_column_maximum"),
                ],
            },
        ),
    ]
