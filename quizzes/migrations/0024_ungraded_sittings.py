from functools import partial

from django.db import migrations, models

from course.migrations._guards import drop_guards, set_guards

# SQLite rebuilds a changed table and loses its triggers, so they are created again at the end.
GUARDED = [("quizzes_sitting", "deadline_at")]
DROP, SET = partial(drop_guards, (), GUARDED), partial(set_guards, (), GUARDED)


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0023_variants")]
    operations = [
        migrations.RunPython(DROP, SET),
        migrations.AddField(
            model_name="sitting",
            name="kind",
            field=models.CharField(
                choices=[("graded", "Graded"), ("rehearsal", "Rehearsal"), ("test_run", "Test Run")],
                db_default="graded",
                default="graded",
                editable=False,
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "graded"), models.Q(("deadline_at__isnull", False), ("is_void", True)), _connector="OR"),
                name="ungraded_is_void",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("kind", "graded"), _negated=True), ("settled_at__isnull", True)),
                fields=("learner", "assessment", "kind"),
                name="one_ungraded_open",
            ),
        ),
        migrations.RunPython(SET, DROP),
    ]
