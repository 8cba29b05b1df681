from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0024_ungraded_sittings")]
    operations = [
        migrations.AddField(
            model_name="assessment",
            name="practice",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
    ]
