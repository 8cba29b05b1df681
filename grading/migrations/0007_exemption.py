from django.db import migrations, models

from course.migrations._guards import Erasable, let_erase

LEARNERS = "EXISTS (SELECT 1 FROM course_erasure WHERE user_id = OLD.learner_id)"
KEPT = ("id", "item_id", "learner_id", "points_earned", "is_exempt", "author_id", "created_at")
TABLES = {"grading_override": Erasable(kept=KEPT, blanks={"reason": "''"}, open_if=LEARNERS)}


class Migration(migrations.Migration):
    dependencies = [("grading", "0006_category_policies")]
    operations = [
        migrations.AddField(
            model_name="override",
            name="is_exempt",
            field=models.BooleanField(null=True),
        ),
        migrations.RunPython(*let_erase(TABLES)),
    ]
