import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("course", "0040_line_order")]
    operations = [
        migrations.CreateModel(
            name="RoleLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "enrollment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="limit", to="course.enrollment"
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(blank=True, related_name="role_limits", to="course.learnergroup"),
                ),
            ],
        ),
    ]
