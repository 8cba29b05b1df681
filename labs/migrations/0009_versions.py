from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("labs", "0008_content_without_presentation")]

    operations = [
        migrations.AddField(
            model_name="labdraft",
            name="versions",
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
