from django.db import migrations

from course.migrations._guards import guard


class Migration(migrations.Migration):
    dependencies = [("grading", "0001_records")]
    operations = [
        migrations.RunPython(
            *guard(
                append_only=[
                    "grading_gradechange",
                    "grading_override",
                    "grading_certificate",
                    "grading_certificateevent",
                ]
            )
        )
    ]
