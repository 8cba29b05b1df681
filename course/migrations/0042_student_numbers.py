from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("course", "0041_role_limits")]
    operations = [
        migrations.AddField(
            model_name="enrollment",
            name="student_number",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="personalinvitation",
            name="student_number",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("student_number", ""), _negated=True),
                fields=("course", "student_number"),
                name="one_student_number",
            ),
        ),
    ]
