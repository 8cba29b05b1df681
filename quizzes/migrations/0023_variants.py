from functools import partial

from django.db import migrations, models

from course.migrations._guards import drop_guards, set_guards

# SQLite rebuilds a changed table and loses its triggers, so they are created again at the end.
GUARDED = ["quizzes_questionversion"]
DROP, SET = partial(drop_guards, GUARDED, ()), partial(set_guards, GUARDED, ())


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0022_option_order")]
    operations = [
        migrations.RunPython(DROP, SET),
        migrations.AddField(
            model_name="questionversion",
            name="variant",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="questionversion",
            constraint=models.UniqueConstraint(fields=("question", "number", "variant"), name="question_variant"),
        ),
        migrations.RemoveConstraint(model_name="questionversion", name="question_version"),
        migrations.RunPython(SET, DROP),
    ]
