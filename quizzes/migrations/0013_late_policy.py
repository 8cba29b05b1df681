from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0012_disclosure")]
    operations = [
        migrations.AddField(
            model_name="assessment",
            name="late",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
