from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0019_extra_attempts_plural")]
    operations = [
        migrations.AddField(
            model_name="assessment",
            name="objectives",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]
