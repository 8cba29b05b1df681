from django.db import migrations

from course.migrations._guards import Erasable, let_erase

LEARNERS = "EXISTS (SELECT 1 FROM course_erasure WHERE user_id = OLD.learner_id)"
ANYBODYS = "EXISTS (SELECT 1 FROM course_erasure)"
NO_REASON = {"reason": "''"}
TABLES = {
    "grading_gradechange": Erasable(
        kept=(
            *("id", "item_id", "learner_id", "points_earned", "points_possible", "cause", "author_id", "created_at"),
            "source_id",
        ),
        blanks=NO_REASON,
        open_if=LEARNERS,
    ),
    "grading_override": Erasable(
        kept=("id", "item_id", "learner_id", "points_earned", "author_id", "created_at"),
        blanks=NO_REASON,
        open_if=LEARNERS,
    ),
    "grading_certificateevent": Erasable(
        kept=("id", "certificate_id", "kind", "author_id", "created_at"), blanks=NO_REASON, open_if=ANYBODYS
    ),
}


class Migration(migrations.Migration):
    dependencies = [("grading", "0004_change_source"), ("course", "0013_erasure")]
    operations = [migrations.RunPython(*let_erase(TABLES))]
