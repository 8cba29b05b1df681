"""The tables of assessments, sittings and attempts, as the migrations that this one replaces leave them in a new database (decision 48)."""

from django.conf import settings
from django.db import migrations, models

from course.migrations._guards import Erasable, guard, let_erase

RECORDS = [
    "quizzes_questionversion",
    "quizzes_attempt",
    "quizzes_sittingextension",
    "quizzes_void",
    "quizzes_regrade",
    "quizzes_sittingpause",
    "quizzes_sittingresumption",
    "quizzes_release",
    "quizzes_extraattempts",
]
ANYBODYS = "EXISTS (SELECT 1 FROM course_erasure)"
NO_REASON = {"reason": "''"}
ERASABLE = {
    "quizzes_attempt": Erasable(
        kept=(
            *("id", "sitting_id", "question_id", "version_id", "number", "attempts_limit", "is_correct"),
            *("points_earned", "received_at", "accepts_until", "is_in_grace", "by", "is_reopened"),
        ),
        blanks={"response": """'""'"""},
        open_if=ANYBODYS,
    ),
    "quizzes_sittingextension": Erasable(
        kept=("id", "sitting_id", "minutes", "key", "author_id", "created_at", "deadline_before", "deadline_after"),
        blanks=NO_REASON,
        open_if=ANYBODYS,
    ),
    "quizzes_void": Erasable(
        kept=("id", "sitting_id", "undoes_id", "author_id", "created_at"), blanks=NO_REASON, open_if=ANYBODYS
    ),
    "quizzes_sittingpause": Erasable(
        kept=("id", "sitting_id", "author_id", "created_at", "ends_at"), blanks=NO_REASON, open_if=ANYBODYS
    ),
}


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("quizzes", "0001_records"),
        ("quizzes", "0002_guards"),
        ("quizzes", "0003_corrections"),
        ("quizzes", "0004_analysis"),
        ("quizzes", "0005_not_begun"),
        ("quizzes", "0006_content_without_presentation"),
        ("quizzes", "0007_overviews"),
        ("quizzes", "0008_erasable_texts"),
        ("quizzes", "0009_dates"),
        ("quizzes", "0010_pauses"),
        ("quizzes", "0011_help_requests"),
        ("quizzes", "0012_disclosure"),
        ("quizzes", "0013_late_policy"),
        ("quizzes", "0014_extra_attempts"),
        ("quizzes", "0015_fewer_indexes"),
        ("quizzes", "0016_assessment_names"),
        ("quizzes", "0017_untimed_exams"),
    ]
    dependencies = [("course", "0001_squashed_0032_personal_invitations")]
    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("beat_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("holder", models.CharField(blank=True, max_length=80)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.CharField(editable=False, max_length=12, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80)),
                ("kind", models.CharField(choices=[("review", "Review"), ("exam", "Exam")], max_length=8)),
                ("title", models.CharField(max_length=200)),
                ("time_limit", models.DurationField(blank=True, null=True)),
                ("draw", models.JSONField(blank=True, default=list)),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("source", models.TextField(blank=True)),
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
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("show", models.JSONField(blank=True, db_default={}, default=dict)),
                ("released_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("late", models.JSONField(blank=True, null=True)),
                ("name", models.CharField(blank=True, db_default="", default="", max_length=80)),
            ],
            options={
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("course", "key"), name="assessment_key")],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.CharField(editable=False, max_length=12, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80)),
                ("module_key", models.CharField(blank=True, max_length=80)),
                ("position", models.PositiveIntegerField(default=0)),
                ("source", models.TextField(blank=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("is_retired", models.BooleanField(default=False)),
                (
                    "assessment",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="questions", to="quizzes.assessment"),
                ),
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
            ],
            options={
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("assessment", "key"), name="question_key")],
            },
        ),
        migrations.CreateModel(
            name="QuestionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("type", models.CharField(max_length=20)),
                ("prompt", models.TextField()),
                ("prompt_html", models.TextField()),
                ("explanation", models.TextField(blank=True)),
                ("explanation_html", models.TextField(blank=True)),
                ("body", models.JSONField(default=dict)),
                ("secret", models.JSONField(default=dict)),
                ("points", models.DecimalField(decimal_places=2, max_digits=7)),
                ("attempts_limit", models.PositiveSmallIntegerField()),
                ("objective", models.CharField(blank=True, max_length=80)),
                ("level", models.CharField(blank=True, max_length=10)),
                ("difficulty", models.PositiveSmallIntegerField(default=1)),
                ("has_math", models.BooleanField(default=False)),
                ("published_at", models.DateTimeField()),
                (
                    "question",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="versions", to="quizzes.question"),
                ),
                ("source", models.TextField(blank=True)),
                ("figures", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("question", "number"), name="question_version"),
                    models.CheckConstraint(condition=models.Q(("points__gt", 0)), name="version_points"),
                    models.CheckConstraint(condition=models.Q(("attempts_limit__gte", 1)), name="version_attempts"),
                ],
            },
        ),
        # A question and its versions refer to each other, and `corrections` comes after `current` in older databases.
        migrations.AddField(
            model_name="Question",
            name="current",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=models.PROTECT, related_name="+", to="quizzes.questionversion"
            ),
        ),
        migrations.AddField(
            model_name="Question",
            name="corrections",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.CreateModel(
            name="Regrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("key", "Key"), ("accept", "Accept"), ("credit", "Credit"), ("void", "Void")],
                        max_length=20,
                    ),
                ),
                ("changes", models.JSONField(default=list)),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "question",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="regrades", to="quizzes.question"),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True, on_delete=models.PROTECT, related_name="undone_by", to="quizzes.regrade"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to="quizzes.questionversion"
                    ),
                ),
                ("correction", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Sitting",
            fields=[
                ("id", models.CharField(editable=False, max_length=12, primary_key=True, serialize=False)),
                ("seed", models.CharField(blank=True, max_length=32)),
                ("started_at", models.DateTimeField()),
                ("deadline_at", models.DateTimeField(blank=True, null=True)),
                ("accepts_until", models.DateTimeField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.CharField(
                        blank=True, choices=[("learner", "Learner"), ("deadline", "Deadline")], max_length=8
                    ),
                ),
                ("is_void", models.BooleanField(default=False)),
                (
                    "assessment",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="sittings", to="quizzes.assessment"),
                ),
                (
                    "learner",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="sittings", to=settings.AUTH_USER_MODEL),
                ),
                ("latest_deadline_at", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("is_untimed", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("deadline_at__isnull", False), ("is_void", False), ("settled_at__isnull", True)
                        ),
                        fields=["deadline_at"],
                        name="sitting_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_void", False)),
                        fields=("learner", "assessment"),
                        name="one_sitting_not_void",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepts_until__isnull", True), ("deadline_at__isnull", True)),
                            models.Q(
                                ("accepts_until__gt", models.F("deadline_at")),
                                ("deadline_at__gt", models.F("started_at")),
                            ),
                            _connector="OR",
                        ),
                        name="deadline_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_at__isnull", True),
                            ("accepts_until__isnull", True),
                            ("submitted_at__lte", models.F("accepts_until")),
                            _connector="OR",
                        ),
                        name="submitted_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by", "deadline"), _negated=True),
                            ("submitted_at", models.F("deadline_at")),
                            _connector="OR",
                        ),
                        name="expired_at_deadline",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by", ""), ("submitted_at__isnull", True)),
                            models.Q(("submitted_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="ended_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latest_deadline_at__isnull", True), ("paused_at__isnull", True)),
                            models.Q(
                                ("latest_deadline_at__gt", models.F("deadline_at")),
                                ("latest_deadline_at__isnull", False),
                                ("paused_at__gte", models.F("started_at")),
                                ("paused_at__isnull", False),
                                ("paused_at__lt", models.F("deadline_at")),
                                ("submitted_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="paused_with_time_left",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuestionReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=2000)),
                ("response", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                ("learner", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "question",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="reports", to="quizzes.question"),
                ),
                (
                    "version",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="quizzes.questionversion"),
                ),
                (
                    "sitting",
                    models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="quizzes.sitting"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("attempts_limit", models.PositiveSmallIntegerField()),
                ("response", models.JSONField()),
                ("is_correct", models.BooleanField()),
                ("points_earned", models.DecimalField(decimal_places=2, max_digits=7)),
                ("received_at", models.DateTimeField()),
                ("accepts_until", models.DateTimeField(blank=True, null=True)),
                ("is_in_grace", models.BooleanField(default=False)),
                (
                    "by",
                    models.CharField(
                        choices=[("learner", "Learner"), ("deadline", "Deadline")], default="learner", max_length=8
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        db_index=False, on_delete=models.PROTECT, related_name="attempts", to="quizzes.question"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="attempts", to="quizzes.questionversion"),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        db_index=False, on_delete=models.PROTECT, related_name="attempts", to="quizzes.sitting"
                    ),
                ),
                ("is_reopened", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["question", "sitting"], name="attempts_at_question")],
                "constraints": [
                    models.UniqueConstraint(fields=("sitting", "question", "number"), name="one_attempt_per_number"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("number__lte", models.F("attempts_limit"))),
                        name="attempt_within_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepts_until__isnull", True),
                            ("received_at__lte", models.F("accepts_until")),
                            _connector="OR",
                        ),
                        name="attempt_in_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_correct", True), ("is_reopened", False)),
                        fields=("sitting", "question"),
                        name="final_when_correct",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SittingExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                ("key", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                ("deadline_before", models.DateTimeField()),
                ("deadline_after", models.DateTimeField()),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "sitting",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="extensions", to="quizzes.sitting"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sitting", "key"), name="extended_once_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(("deadline_after__gt", models.F("deadline_before"))), name="extension_grows"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SittingQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(default=0)),
                ("points", models.DecimalField(decimal_places=2, max_digits=7)),
                ("draft", models.JSONField(blank=True, null=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("is_flagged", models.BooleanField(default=False)),
                ("is_seen", models.BooleanField(default=False)),
                (
                    "question",
                    models.ForeignKey(
                        db_index=False, on_delete=models.PROTECT, related_name="+", to="quizzes.question"
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        db_index=False, on_delete=models.PROTECT, related_name="questions", to="quizzes.sitting"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to="quizzes.questionversion"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "indexes": [models.Index(fields=["question", "sitting"], name="row_of_question")],
                "constraints": [models.UniqueConstraint(fields=("sitting", "question"), name="one_row_per_question")],
            },
        ),
        migrations.CreateModel(
            name="Void",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("sitting", models.ForeignKey(on_delete=models.PROTECT, related_name="voids", to="quizzes.sitting")),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True, on_delete=models.PROTECT, related_name="undone_by", to="quizzes.void"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rescoring",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("cursor", models.CharField(blank=True, max_length=12)),
                ("moved_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "regrade",
                    models.OneToOneField(on_delete=models.PROTECT, related_name="rescoring", to="quizzes.regrade"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Analysis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requested_at", models.DateTimeField()),
                ("computed_at", models.DateTimeField(blank=True, null=True)),
                ("facts", models.JSONField(default=dict)),
                (
                    "assessment",
                    models.OneToOneField(on_delete=models.CASCADE, related_name="analysis", to="quizzes.assessment"),
                ),
            ],
            options={
                "verbose_name_plural": "analyses",
            },
        ),
        migrations.CreateModel(
            name="Overview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requested_at", models.DateTimeField()),
                ("computed_at", models.DateTimeField(blank=True, null=True)),
                ("facts", models.JSONField(default=dict)),
                ("course", models.OneToOneField(on_delete=models.CASCADE, related_name="+", to="course.course")),
            ],
        ),
        migrations.CreateModel(
            name="SittingPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("sitting", models.ForeignKey(on_delete=models.PROTECT, related_name="pauses", to="quizzes.sitting")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("created_at"))), name="pause_ends_later"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SittingResumption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("resumed_at", models.DateTimeField()),
                ("deadline_before", models.DateTimeField()),
                ("deadline_after", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "pause",
                    models.OneToOneField(
                        on_delete=models.PROTECT, related_name="resumption", to="quizzes.sittingpause"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("deadline_after__gte", models.F("deadline_before"))),
                        name="pause_never_shortens",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=40)),
                ("section", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(max_length=200)),
                ("section_title", models.CharField(blank=True, max_length=300)),
                ("text", models.TextField()),
                ("code", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("course", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="course.course")),
                ("learner", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["course", "answered_at"], name="help_by_course")],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "assessment",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="releases", to="quizzes.assessment"),
                ),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True, on_delete=models.PROTECT, related_name="undone_by", to="quizzes.release"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExtraAttempts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("extra", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                ("assessment", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="quizzes.assessment")),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("learner", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["learner", "assessment"], name="extra_attempts_of_learner")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("extra__lte", 20)), name="extra_attempts_most")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExtraAttemptsNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                (
                    "given",
                    models.OneToOneField(on_delete=models.CASCADE, related_name="note", to="quizzes.extraattempts"),
                ),
            ],
        ),
        migrations.RunPython(*guard(append_only=RECORDS, grows=(("quizzes_sitting", "deadline_at"),))),
        migrations.RunPython(*let_erase(ERASABLE)),
    ]
