import django.db.models.deletion
from django.db import migrations, models

from course.migrations._guards import Erasable, guard, let_erase

# SQLite rebuilds a changed table and loses its triggers, so they are created again at the end.
ATTEMPTS = "quizzes_attempt"
KEPT = (
    *("id", "sitting_id", "question_id", "version_id", "number", "attempts_limit", "is_correct"),
    *("points_earned", "received_at", "accepts_until", "is_in_grace", "by", "is_reopened"),
)
ANYBODYS = "EXISTS (SELECT 1 FROM course_erasure)"
TABLES = {ATTEMPTS: Erasable(kept=KEPT, blanks={"response": """'""'"""}, open_if=ANYBODYS)}
SET, DROP = guard(append_only=[ATTEMPTS])


class Migration(migrations.Migration):

    dependencies = [
        ('quizzes', '0014_extra_attempts'),
    ]

    operations = [
        migrations.RunPython(DROP, SET),
        migrations.AlterField(
            model_name='attempt',
            name='question',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='quizzes.question'),
        ),
        migrations.AlterField(
            model_name='attempt',
            name='sitting',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='quizzes.sitting'),
        ),
        migrations.AlterField(
            model_name='sittingquestion',
            name='question',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.question'),
        ),
        migrations.AlterField(
            model_name='sittingquestion',
            name='sitting',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='quizzes.sitting'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['question', 'sitting'], name='attempts_at_question'),
        ),
        migrations.AddIndex(
            model_name='sittingquestion',
            index=models.Index(fields=['question', 'sitting'], name='row_of_question'),
        ),
        migrations.RunPython(SET, DROP),
        migrations.RunPython(*let_erase(TABLES)),
    ]
