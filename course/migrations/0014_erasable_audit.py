from django.db import migrations

from course.migrations._guards import Erasable, let_erase

AUDIT = Erasable(
    kept=("id", "at", "actor_id", "course_id", "action", "target"),
    blanks={"reason": "''", "details": None},
    open_if="EXISTS (SELECT 1 FROM course_erasure)",
)


class Migration(migrations.Migration):
    dependencies = [("course", "0013_erasure"), ("course", "0002_guards")]
    operations = [migrations.RunPython(*let_erase({"course_auditentry": AUDIT}))]
