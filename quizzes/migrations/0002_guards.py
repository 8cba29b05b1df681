from django.db import migrations

from course.migrations._guards import guard


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0001_records")]
    operations = [
        migrations.RunPython(
            *guard(
                append_only=[
                    "quizzes_questionversion",
                    "quizzes_attempt",
                    "quizzes_sittingextension",
                    "quizzes_void",
                    "quizzes_regrade",
                ],
                grows=(("quizzes_sitting", "deadline_at"),),
            )
        )
    ]
