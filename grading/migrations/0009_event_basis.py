from django.db import migrations, models

from course.migrations._guards import Erasable, let_erase

TABLES = {
    "grading_certificateevent": Erasable(
        kept=("id", "certificate_id", "kind", "author_id", "created_at", "basis"),
        blanks={"reason": "''"},
        open_if="EXISTS (SELECT 1 FROM course_erasure)",
    )
}


class Migration(migrations.Migration):
    dependencies = [("grading", "0001_squashed_0008_late_points")]
    operations = [
        migrations.AddField(
            model_name="certificateevent",
            name="basis",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.RunPython(*let_erase(TABLES)),
    ]
