from django.db import migrations

from course.migrations._guards import guard


class Migration(migrations.Migration):
    dependencies = [("course", "0001_records")]
    operations = [migrations.RunPython(*guard(append_only=["course_accommodation", "course_auditentry"]))]
