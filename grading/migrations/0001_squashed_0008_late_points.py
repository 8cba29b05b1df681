"""The tables of the gradebook, as the migrations that this one replaces leave them in a new database (decision 48)."""

from django.conf import settings
from django.db import migrations, models

from course.migrations._guards import Erasable, guard, let_erase

RECORDS = ["grading_gradechange", "grading_override", "grading_certificate", "grading_certificateevent"]
LEARNERS = "EXISTS (SELECT 1 FROM course_erasure WHERE user_id = OLD.learner_id)"
NO_REASON = {"reason": "''"}
ERASABLE = {
    "grading_gradechange": Erasable(
        kept=(
            *("id", "item_id", "learner_id", "points_earned", "points_possible", "cause", "author_id", "created_at"),
            "source_id",
        ),
        blanks=NO_REASON,
        open_if=LEARNERS,
    ),
    "grading_override": Erasable(
        kept=("id", "item_id", "learner_id", "points_earned", "is_exempt", "author_id", "created_at"),
        blanks=NO_REASON,
        open_if=LEARNERS,
    ),
    "grading_certificateevent": Erasable(
        kept=("id", "certificate_id", "kind", "author_id", "created_at"),
        blanks=NO_REASON,
        open_if="EXISTS (SELECT 1 FROM course_erasure)",
    ),
}


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("grading", "0001_records"),
        ("grading", "0002_guards"),
        ("grading", "0003_credited"),
        ("grading", "0004_change_source"),
        ("grading", "0005_erasable_reasons"),
        ("grading", "0006_category_policies"),
        ("grading", "0007_exemption"),
        ("grading", "0008_late_points"),
    ]
    dependencies = [("course", "0001_squashed_0032_personal_invitations")]
    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                ("issued_at", models.DateTimeField()),
                ("pass_percent", models.DecimalField(decimal_places=3, max_digits=6)),
                ("basis", models.JSONField()),
                ("course", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="course.course")),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="certificates", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("course", "learner"), name="one_certificate")],
            },
        ),
        migrations.CreateModel(
            name="CertificateEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("revoked", "Revoked"), ("restored", "Restored")], max_length=8)),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "certificate",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="events", to="grading.certificate"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GradeCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("weight", models.DecimalField(decimal_places=3, max_digits=6)),
                ("pass_percent", models.DecimalField(decimal_places=3, max_digits=6)),
                ("of", models.CharField(max_length=12)),
                ("position", models.PositiveIntegerField()),
                ("course", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="course.course")),
                ("drop_lowest", models.PositiveIntegerField(db_default=0, default=0)),
                ("extra_members", models.JSONField(blank=True, db_default=[], default=list)),
                ("is_extra", models.BooleanField(db_default=False, default=False)),
                ("members", models.JSONField(blank=True, db_default=[], default=list)),
            ],
            options={
                "verbose_name_plural": "grade categories",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("course", "key"), name="category_key"),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 0), ("weight__lte", 100)), name="category_weight"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("activity", models.CharField(max_length=40, unique=True)),
                ("url_name", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=200)),
                ("points_possible", models.DecimalField(decimal_places=2, max_digits=9)),
                ("winnable", models.JSONField(default=list)),
                ("position", models.PositiveIntegerField()),
                ("is_retired", models.BooleanField(default=False)),
                (
                    "category",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="items", to="grading.gradecategory"),
                ),
                ("credited", models.JSONField(blank=True, default=dict)),
                ("is_extra", models.BooleanField(db_default=False, default=False)),
                ("late", models.JSONField(blank=True, null=True)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="GradeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points_earned", models.DecimalField(decimal_places=4, max_digits=11)),
                ("points_possible", models.DecimalField(decimal_places=2, max_digits=9)),
                ("cause", models.CharField(max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("learner", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("item", models.ForeignKey(on_delete=models.PROTECT, related_name="changes", to="grading.gradeitem")),
                ("source_id", models.PositiveBigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["learner", "item"], name="change_of_cell")],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points_earned", models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("item", models.ForeignKey(on_delete=models.PROTECT, related_name="overrides", to="grading.gradeitem")),
                ("learner", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("is_exempt", models.BooleanField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points_earned", models.DecimalField(decimal_places=4, max_digits=11)),
                ("points_possible", models.DecimalField(decimal_places=2, max_digits=9)),
                ("points_answered", models.DecimalField(decimal_places=2, default=0, max_digits=9)),
                ("winnable", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("not_started", "Not Started"), ("in_progress", "In Progress"), ("done", "Done")],
                        default="in_progress",
                        max_length=12,
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                ("item", models.ForeignKey(on_delete=models.PROTECT, related_name="scores", to="grading.gradeitem")),
                (
                    "learner",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="scores", to=settings.AUTH_USER_MODEL),
                ),
                ("points_late", models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=11)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "learner"), name="one_current_score"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("points_earned__gte", 0), ("points_earned__lte", models.F("points_possible"))
                        ),
                        name="score_within_points",
                    ),
                ],
            },
        ),
        migrations.RunPython(*guard(append_only=RECORDS)),
        migrations.RunPython(*let_erase(ERASABLE)),
    ]
