from django.db import migrations, models

from course.migrations._guards import Erasable, guard, let_erase
from foundation.widening import WidenLater

CHANGES = "grading_gradechange"
KEPT = ("id", "item_id", "learner_id", "points_earned", "points_possible", "cause", "author_id", "created_at", "source_id")
LEARNERS = "EXISTS (SELECT 1 FROM course_erasure WHERE user_id = OLD.learner_id)"
TABLES = {CHANGES: Erasable(kept=KEPT, blanks={"reason": "''"}, open_if=LEARNERS)}
SET, DROP = guard(append_only=[CHANGES])


class Migration(migrations.Migration):
    dependencies = [("grading", "0007_exemption")]
    operations = [
        migrations.AddField(
            model_name="gradeitem",
            name="late",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="score",
            name="points_late",
            field=models.DecimalField(decimal_places=4, default=0, db_default=0, max_digits=11),
        ),
        WidenLater(
            model_name="score",
            name="points_earned",
            field=models.DecimalField(decimal_places=4, max_digits=11),
        ),
        migrations.RunPython(DROP, SET),
        WidenLater(
            model_name="gradechange",
            name="points_earned",
            field=models.DecimalField(decimal_places=4, max_digits=11),
        ),
        migrations.RunPython(SET, DROP),
        migrations.RunPython(*let_erase(TABLES)),
    ]
