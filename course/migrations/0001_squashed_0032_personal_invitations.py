"""The tables of people, enrollments and content, as the migrations that this one replaces leave them in a new database (decision 48)."""

from decimal import Decimal

import django.contrib.auth.validators
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from course.migrations._guards import Erasable, guard, let_erase

RECORDS = [
    "course_accommodation",
    "course_auditentry",
    "course_textversion",
    "course_dateextension",
    "course_seal",
]
ERASABLE = {
    "course_auditentry": Erasable(
        kept=("id", "at", "actor_id", "course_id", "action", "target"),
        blanks={"reason": "''", "details": None},
        open_if="EXISTS (SELECT 1 FROM course_erasure)",
    ),
    "course_seal": Erasable(
        kept=("id", "learner_id", "course_id", "position", "kind", "record", "text_digest", "digest", "sealed_at"),
        blanks={"salt": "''"},
        open_if="EXISTS (SELECT 1 FROM course_erasure WHERE user_id = OLD.learner_id)",
    ),
}


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("course", "0001_records"),
        ("course", "0002_guards"),
        ("course", "0003_course_files"),
        ("course", "0004_api_tokens"),
        ("course", "0005_text_versions"),
        ("course", "0006_accommodation_notes"),
        ("course", "0007_accommodations_without_reasons"),
        ("course", "0008_text_drafts"),
        ("course", "0009_revisions"),
        ("course", "0010_content_without_presentation"),
        ("course", "0011_people_manager"),
        ("course", "0012_learners_by_name"),
        ("course", "0013_erasure"),
        ("course", "0014_erasable_audit"),
        ("course", "0015_joining"),
        ("course", "0016_dates"),
        ("course", "0017_search"),
        ("course", "0018_personal_exports"),
        ("course", "0019_calendar_feeds"),
        ("course", "0020_date_extensions"),
        ("course", "0021_groups"),
        ("course", "0022_roles"),
        ("course", "0023_visibility"),
        ("course", "0024_archive"),
        ("course", "0025_study_notes"),
        ("course", "0026_seals"),
        ("course", "0027_statement_keys"),
        ("course", "0028_announcements"),
        ("course", "0029_sections_read"),
        ("course", "0030_study_goals"),
        ("course", "0031_edited_files"),
        ("course", "0032_personal_invitations"),
    ]
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("name", models.CharField(blank=True, max_length=200)),
                ("timezone", models.CharField(blank=True, max_length=64)),
                ("theme", models.CharField(blank=True, max_length=8)),
                ("erased_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                ("erasure_due_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("erasure_due_at__isnull", False)),
                        fields=["erasure_due_at"],
                        name="erasure_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("language", models.CharField(default="en", max_length=20)),
                ("summary", models.TextField(blank=True)),
                ("attempts", models.JSONField(default=dict)),
                ("pass_percent", models.DecimalField(decimal_places=3, max_digits=6)),
                ("show", models.JSONField(default=dict)),
                ("source", models.TextField(blank=True)),
                ("folder", models.CharField(blank=True, max_length=500)),
                ("folder_digest", models.CharField(blank=True, max_length=64)),
                ("loaded_at", models.DateTimeField(blank=True, null=True)),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
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
                ("join_code", models.CharField(blank=True, db_default="", default="", max_length=12)),
                ("joining", models.CharField(db_default="open", default="open", max_length=12)),
                ("joining_here", models.CharField(blank=True, db_default="", default="", max_length=12)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("timezone", models.CharField(db_default="UTC", default="UTC", max_length=64)),
                ("visibility", models.CharField(db_default="listed", default="listed", max_length=12)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pass_percent__gte", 0), ("pass_percent__lte", 100)),
                        name="course_pass_percent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                ("action", models.CharField(max_length=60)),
                ("target", models.CharField(blank=True, max_length=120)),
                ("reason", models.TextField(blank=True)),
                ("details", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="course.course"),
                ),
            ],
            options={
                "verbose_name_plural": "audit entries",
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("request_digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("answer", models.JSONField()),
                ("created_at", models.DateTimeField(db_index=True)),
                ("user", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="one_idempotency_key")],
            },
        ),
        migrations.CreateModel(
            name="Module",
            fields=[
                ("key", models.CharField(max_length=80)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("id", models.CharField(editable=False, max_length=12, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("objectives", models.JSONField(blank=True, default=list)),
                ("position", models.PositiveIntegerField()),
                ("folder", models.CharField(blank=True, max_length=200)),
                ("source", models.TextField(blank=True)),
                ("is_retired", models.BooleanField(default=False)),
                ("course", models.ForeignKey(on_delete=models.CASCADE, related_name="modules", to="course.course")),
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
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("course", "key"), name="module_key")],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                ("key", models.CharField(max_length=80)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("id", models.CharField(editable=False, max_length=12, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("minutes", models.PositiveIntegerField(default=0)),
                ("objectives", models.JSONField(blank=True, default=list)),
                ("source", models.TextField()),
                ("html", models.TextField()),
                ("contents", models.JSONField(blank=True, default=list)),
                ("listings", models.JSONField(blank=True, default=list)),
                ("has_math", models.BooleanField(default=False)),
                ("is_open", models.BooleanField(default=False)),
                ("path", models.CharField(blank=True, max_length=300)),
                ("position", models.PositiveIntegerField()),
                ("is_retired", models.BooleanField(default=False)),
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
                ("module", models.ForeignKey(on_delete=models.CASCADE, related_name="lessons", to="course.module")),
            ],
            options={
                "ordering": ["module__position", "position"],
                "constraints": [models.UniqueConstraint(fields=("module", "key"), name="lesson_key")],
            },
        ),
        migrations.CreateModel(
            name="LessonVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("lesson", models.ForeignKey(on_delete=models.CASCADE, related_name="visits", to="course.lesson")),
                (
                    "user",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="visits", to=settings.AUTH_USER_MODEL),
                ),
                ("section", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "lesson"), name="one_visit")],
            },
        ),
        migrations.CreateModel(
            name="HistoricalLesson",
            fields=[
                ("key", models.CharField(max_length=80)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("id", models.CharField(db_index=True, editable=False, max_length=12)),
                ("title", models.CharField(max_length=200)),
                ("minutes", models.PositiveIntegerField(default=0)),
                ("objectives", models.JSONField(blank=True, default=list)),
                ("source", models.TextField()),
                ("html", models.TextField()),
                ("contents", models.JSONField(blank=True, default=list)),
                ("listings", models.JSONField(blank=True, default=list)),
                ("has_math", models.BooleanField(default=False)),
                ("is_open", models.BooleanField(default=False)),
                ("path", models.CharField(blank=True, max_length=300)),
                ("position", models.PositiveIntegerField()),
                ("is_retired", models.BooleanField(default=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
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
            ],
            options={
                "verbose_name": "historical lesson",
                "verbose_name_plural": "historical lessons",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="CourseFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=300)),
                ("content", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("course", models.ForeignKey(on_delete=models.CASCADE, related_name="files", to="course.course")),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
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
                ("is_retired", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("course", "path"), name="file_path")],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
                ("id", models.CharField(editable=False, max_length=12, unique=True)),
                ("name", models.CharField(blank=True, max_length=80)),
                ("scopes", models.JSONField(default=list)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="auth_token_set", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TextVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("course", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="course.course")),
            ],
            options={
                "indexes": [models.Index(fields=["course", "path"], name="version_of_text")],
            },
        ),
        migrations.CreateModel(
            name="TextDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=300)),
                ("key", models.CharField(blank=True, max_length=80)),
                ("text", models.TextField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField()),
                ("course", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="course.course")),
                ("user", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "course", "path", "key"), name="one_text_draft")
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "course",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="revision",
                        serialize=False,
                        to="course.course",
                    ),
                ),
                ("token", models.CharField(editable=False, max_length=32)),
            ],
            options={
                "db_table": "course_revision",
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(editable=False, max_length=32, unique=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("most_uses", models.PositiveIntegerField(blank=True, null=True)),
                ("uses", models.PositiveIntegerField(default=0)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("course", models.ForeignKey(on_delete=models.PROTECT, related_name="invitations", to="course.course")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("most_uses", None), ("uses__lte", models.F("most_uses")), _connector="OR"),
                        name="invitation_uses",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=8)),
                ("subject", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=200)),
                ("section", models.CharField(blank=True, max_length=200)),
                ("anchor", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("code", models.TextField(blank=True)),
                ("formulas", models.JSONField(default=list)),
                ("is_open", models.BooleanField(default=False)),
                ("heading", models.TextField()),
                ("body", models.TextField()),
                ("course", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="course.course")),
                ("module", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="course.module")),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=100)),
                ("spelling", models.CharField(max_length=100)),
                ("count", models.PositiveIntegerField()),
                ("is_open", models.BooleanField(default=False)),
                ("course", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="course.course")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("course", "word"), name="one_search_word")],
            },
        ),
        migrations.CreateModel(
            name="PersonalExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("requested_at", models.DateTimeField(db_index=True)),
                ("moved_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                (
                    "asked_by",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "course",
                    models.ForeignKey(null=True, on_delete=models.CASCADE, related_name="+", to="course.course"),
                ),
                ("user", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="ExportPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "export",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="parts", to="course.personalexport"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("export", "number"), name="one_export_part")],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=43, unique=True)),
                ("renewed_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=models.CASCADE, related_name="calendar_feed", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LearnerGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                (
                    "course",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="learner_groups", to="course.course"),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("course", "name"), name="group_name")],
            },
        ),
        migrations.CreateModel(
            name="Enrollment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("learner", "Learner"),
                            ("instructor", "Instructor"),
                            ("assistant", "Assistant"),
                            ("author", "Author"),
                            ("observer", "Observer"),
                        ],
                        default="learner",
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("enrolled_at", models.DateTimeField()),
                ("unenrolled_at", models.DateTimeField(blank=True, null=True)),
                ("course", models.ForeignKey(on_delete=models.PROTECT, related_name="enrollments", to="course.course")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="enrollments", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("groups", models.ManyToManyField(blank=True, related_name="enrollments", to="course.learnergroup")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("role", "learner"), ("unenrolled_at", None)),
                        fields=["course", "name", "id"],
                        name="learners_by_name",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "course"), name="one_enrollment")],
            },
        ),
        migrations.CreateModel(
            name="Accommodation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("multiplier", models.DecimalField(decimal_places=2, default=Decimal("1"), max_digits=4)),
                ("created_at", models.DateTimeField()),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "enrollment",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="accommodations", to="course.enrollment"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("multiplier__gte", 1), ("multiplier__lte", 10)),
                        name="accommodation_multiplier",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccommodationNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                (
                    "accommodation",
                    models.OneToOneField(on_delete=models.CASCADE, related_name="note", to="course.accommodation"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DateExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("activity", models.CharField(max_length=40)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "enrollment",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="date_extensions", to="course.enrollment"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["enrollment", "activity"], name="extension_of_activity")],
            },
        ),
        migrations.CreateModel(
            name="DateExtensionNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                (
                    "extension",
                    models.OneToOneField(on_delete=models.CASCADE, related_name="note", to="course.dateextension"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StudyNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32)),
                ("section", models.CharField(blank=True, max_length=200)),
                ("quote", models.TextField(blank=True)),
                ("before", models.CharField(blank=True, max_length=80)),
                ("after", models.CharField(blank=True, max_length=80)),
                ("text", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("lesson", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="course.lesson")),
                ("user", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="one_study_note")],
            },
        ),
        migrations.CreateModel(
            name="SealMark",
            fields=[
                ("kind", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("record", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("record", models.PositiveBigIntegerField()),
                ("salt", models.CharField(blank=True, max_length=32)),
                ("text_digest", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
                ("course", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="course.course")),
                (
                    "learner",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "record"), name="sealed_once"),
                    models.UniqueConstraint(fields=("learner", "course", "position"), name="one_seal_per_position"),
                    models.UniqueConstraint(
                        condition=models.Q(("learner", None)),
                        fields=("course", "position"),
                        name="one_course_seal_per_position",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementKey",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("public_key", models.CharField(max_length=44)),
                ("first_used_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=40)),
                ("title", models.CharField(max_length=150)),
                ("text", models.TextField()),
                ("html", models.TextField(editable=False)),
                (
                    "audience",
                    models.CharField(
                        choices=[("everyone", "Everyone"), ("group", "Group"), ("at_risk", "At Risk")], max_length=12
                    ),
                ),
                ("people", models.PositiveIntegerField(default=0)),
                ("is_mailed", models.BooleanField(default=False)),
                ("posted_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "course",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="announcements", to="course.course"),
                ),
                (
                    "group",
                    models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to="course.learnergroup"),
                ),
                ("readers", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["course", "-posted_at"], name="announcements_of_course")],
                "constraints": [models.UniqueConstraint(fields=("course", "key"), name="one_announcement")],
            },
        ),
        migrations.CreateModel(
            name="AnnouncementVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("course", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="course.course")),
                ("user", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "course"), name="one_announcement_visit")],
            },
        ),
        migrations.CreateModel(
            name="MutedMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("announcements", "announcements"),
                            ("notices", "notices"),
                            ("reminders", "reminders"),
                        ],
                        max_length=20,
                    ),
                ),
                ("user", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "kind"), name="one_muted_mail")],
            },
        ),
        migrations.CreateModel(
            name="StudyGoal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.CharField(
                        choices=[("days", "days"), ("lessons", "lessons"), ("questions", "questions")], max_length=9
                    ),
                ),
                ("amount", models.PositiveSmallIntegerField()),
                ("timezone", models.CharField(blank=True, max_length=64)),
                ("reminder_day", models.PositiveSmallIntegerField(null=True)),
                ("reminder_hour", models.PositiveSmallIntegerField(null=True)),
                ("reminds_at", models.DateTimeField(null=True)),
                ("saved_at", models.DateTimeField()),
                ("course", models.ForeignKey(on_delete=models.CASCADE, related_name="study_goals", to="course.course")),
                ("user", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("reminds_at__isnull", False)), fields=["reminds_at"], name="reminder_due"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "course"), name="one_study_goal")],
            },
        ),
        migrations.CreateModel(
            name="PersonalInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("groups", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="personal_invitations", to="course.course"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                        fields=("course", "email"),
                        name="one_personal_invitation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("accepted_by", None)),
                            models.Q(
                                ("accepted_at__isnull", False), ("accepted_by__isnull", False), ("withdrawn_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="personal_invitation_accepted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("announcements", "announcements"),
                            ("notices", "notices"),
                            ("reminders", "reminders"),
                            ("invitations", "invitations"),
                        ],
                        max_length=20,
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("facts", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("unwanted", "Unwanted"),
                            ("unconfirmed", "Unconfirmed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=200)),
                (
                    "announcement",
                    models.ForeignKey(
                        null=True, on_delete=models.CASCADE, related_name="mail", to="course.announcement"
                    ),
                ),
                ("course", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="course.course")),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        null=True, on_delete=models.CASCADE, related_name="mail", to="course.personalinvitation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("result", "")), fields=["due_at"], name="mail_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="one_mail"),
                    models.UniqueConstraint(fields=("invitation", "key"), name="one_invitation_mail"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("invitation__isnull", False), ("user", None)),
                            models.Q(("invitation", None), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="mail_to_one_person",
                    ),
                ],
            },
        ),
        migrations.RunPython(*guard(append_only=RECORDS)),
        migrations.RunPython(*let_erase(ERASABLE)),
    ]
