"""The tables of labs and their runs, as the migrations that this one replaces leave them in a new database (decision 48)."""

import simple_history.models
from django.conf import settings
from django.db import migrations, models

from course.migrations._guards import guard


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("labs", "0001_records"),
        ("labs", "0002_running"),
        ("labs", "0003_files"),
        ("labs", "0004_outputs"),
        ("labs", "0005_keeping"),
        ("labs", "0006_kept_sizes"),
        ("labs", "0007_charts"),
        ("labs", "0008_content_without_presentation"),
        ("labs", "0009_versions"),
        ("labs", "0010_hosts"),
        ("labs", "0011_unready_hosts"),
        ("labs", "0012_traces"),
        ("labs", "0013_regrades"),
        ("labs", "0014_minutes"),
        ("labs", "0015_late_policy"),
        ("labs", "0016_tryout"),
    ]
    dependencies = [("course", "0001_squashed_0032_personal_invitations")]
    operations = [
        migrations.CreateModel(
            name="HistoricalLab",
            fields=[
                ("id", models.CharField(db_index=True, editable=False, max_length=12)),
                ("key", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=200)),
                ("runtime", models.CharField(default="tf2", max_length=4)),
                ("limits", models.JSONField(blank=True, default=dict)),
                ("objectives", models.JSONField(blank=True, default=list)),
                ("cells", models.JSONField(default=list)),
                ("source", models.TextField()),
                ("solution", models.TextField(blank=True)),
                ("probes", models.TextField(blank=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("is_retired", models.BooleanField(default=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="course.course",
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        to="course.module",
                    ),
                ),
                ("files", models.JSONField(blank=True, default=dict)),
                ("tests", models.JSONField(blank=True, default=list)),
                ("minutes", models.PositiveIntegerField(db_default=0, default=0)),
                ("late", models.JSONField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "historical lab",
                "verbose_name_plural": "historical labs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Lab",
            fields=[
                ("id", models.CharField(editable=False, max_length=12, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=200)),
                ("runtime", models.CharField(default="tf2", max_length=4)),
                ("limits", models.JSONField(blank=True, default=dict)),
                ("objectives", models.JSONField(blank=True, default=list)),
                ("cells", models.JSONField(default=list)),
                ("source", models.TextField()),
                ("solution", models.TextField(blank=True)),
                ("probes", models.TextField(blank=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("is_retired", models.BooleanField(default=False)),
                ("course", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="course.course")),
                (
                    "edited_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=models.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("module", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="course.module")),
                ("files", models.JSONField(blank=True, default=dict)),
                ("tests", models.JSONField(blank=True, default=list)),
                ("minutes", models.PositiveIntegerField(db_default=0, default=0)),
                ("late", models.JSONField(blank=True, null=True)),
            ],
            options={
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("course", "key"), name="lab_key")],
            },
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("name", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
                ("runner", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.CharField(editable=False, max_length=12, primary_key=True, serialize=False)),
                ("place", models.CharField(max_length=24)),
                ("page", models.CharField(blank=True, max_length=64)),
                ("runner", models.CharField(blank=True, max_length=100)),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("placed", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("learner", "place", "page"),
                        name="one_live_session",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.CharField(editable=False, max_length=12, primary_key=True, serialize=False)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("cell", "Cell"),
                            ("all", "All"),
                            ("test", "Test"),
                            ("free", "Free"),
                            ("listing", "Listing"),
                        ],
                        max_length=8,
                    ),
                ),
                ("runtime", models.CharField(max_length=4)),
                ("cells", models.JSONField()),
                ("silent", models.JSONField(default=list)),
                ("limits", models.JSONField(default=dict)),
                ("seed", models.PositiveIntegerField(default=0)),
                ("queue", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Queued"), ("running", "Running"), ("finished", "Finished")],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("verdict", models.CharField(max_length=16, null=True)),
                ("message", models.TextField(blank=True)),
                ("outputs", models.JSONField(default=list)),
                ("tests", models.JSONField(null=True)),
                ("has_passed", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("is_stopping", models.BooleanField(default=False)),
                ("worker", models.CharField(blank=True, max_length=120)),
                ("claim", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("losses", models.PositiveSmallIntegerField(default=0)),
                ("lab", models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="labs.lab")),
                ("learner", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "session",
                    models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="runs", to="labs.session"),
                ),
                ("has_output", models.BooleanField(default=False)),
                ("size", models.PositiveIntegerField(default=0)),
                ("runner", models.CharField(blank=True, db_default="", default="", max_length=100)),
                ("trace", models.CharField(blank=True, db_default="", default="", max_length=55)),
                ("judged_by", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("regraded", models.JSONField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")), fields=["queue", "created_at"], name="run_queue"
                    ),
                    models.Index(condition=models.Q(("state", "running")), fields=["lease_until"], name="run_leases"),
                    models.Index(fields=["learner", "lab"], name="run_of_learner"),
                    models.Index(fields=["learner", "created_at"], name="run_by_day"),
                    models.Index(
                        condition=models.Q(("size__gt", 0)), fields=["learner", "created_at"], name="run_full"
                    ),
                    models.Index(condition=models.Q(("size__gt", 0)), fields=["finished_at"], name="run_kept"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("state", "finished"), ("verdict__isnull", False)),
                            models.Q(
                                models.Q(("state", "finished"), _negated=True), ("finished_at", None), ("verdict", None)
                            ),
                            _connector="OR",
                        ),
                        name="run_verdict_at_the_end",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")), fields=("session",), name="one_run_in_session"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cells", models.JSONField(default=list)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField()),
                ("lab", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="labs.lab")),
                ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("versions", models.JSONField(db_default=[], default=list)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("learner", "lab"), name="one_lab_draft")],
            },
        ),
        migrations.CreateModel(
            name="LabFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("content", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("saved_at", models.DateTimeField()),
                ("lab", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="labs.lab")),
                ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("learner", "lab", "name"), name="one_lab_file")],
            },
        ),
        migrations.CreateModel(
            name="LeftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folder", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveBigIntegerField()),
                ("changed", models.BigIntegerField()),
                ("content", models.BinaryField(null=True)),
                ("saved_at", models.DateTimeField()),
                ("lab", models.ForeignKey(null=True, on_delete=models.CASCADE, related_name="+", to="labs.lab")),
                ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["learner", "lab"], name="left_by_learner"),
                    models.Index(fields=["saved_at"], name="left_at"),
                ],
                "constraints": [models.UniqueConstraint(fields=("folder", "name"), name="one_left_file")],
            },
        ),
        migrations.CreateModel(
            name="OutputPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("outputs", models.JSONField()),
                ("run", models.ForeignKey(on_delete=models.CASCADE, related_name="pages", to="labs.run")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "number"), name="one_output_page")],
            },
        ),
        migrations.CreateModel(
            name="DrawnCharts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("files", models.CharField(max_length=64)),
                ("charts", models.TextField()),
                ("drawn_at", models.DateTimeField()),
                ("lab", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="labs.lab")),
                ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["drawn_at"], name="drawn_at")],
                "constraints": [models.UniqueConstraint(fields=("learner", "lab"), name="one_drawn_charts")],
            },
        ),
        migrations.CreateModel(
            name="RunnerHost",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("status", models.JSONField(default=dict)),
                ("problem", models.TextField(blank=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("lost_at", models.DateTimeField(null=True)),
                ("is_draining", models.BooleanField(default=False)),
                ("unready_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Retest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("probes", models.TextField()),
                ("files", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("total", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("is_canceled", models.BooleanField(default=False)),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("lab", models.ForeignKey(on_delete=models.PROTECT, related_name="retests", to="labs.lab")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None)), fields=("lab",), name="one_retest_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetestedRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tests", models.JSONField(null=True)),
                ("retest", models.ForeignKey(on_delete=models.PROTECT, related_name="runs", to="labs.retest")),
                ("run", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="labs.run")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("retest", "run"), name="retested_once")],
            },
        ),
        migrations.CreateModel(
            name="LabRegrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lowers", models.BooleanField(default=False)),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("retest", models.ForeignKey(on_delete=models.PROTECT, related_name="regrades", to="labs.retest")),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True, on_delete=models.PROTECT, related_name="undone_by", to="labs.labregrade"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tryout",
            fields=[
                ("id", models.CharField(editable=False, max_length=12, primary_key=True, serialize=False)),
                ("folder", models.CharField(max_length=300)),
                ("files", models.JSONField()),
                ("runtime", models.CharField(max_length=4)),
                ("limits", models.JSONField(default=dict)),
                ("asked", models.JSONField(null=True)),
                ("results", models.JSONField(default=list)),
                ("total", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("author", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("course", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="course.course")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("author", "course", "folder"), name="one_tryout")],
            },
        ),
        migrations.RunPython(*guard(append_only=["labs_labregrade"])),
    ]
