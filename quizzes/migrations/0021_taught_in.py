from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0020_objectives")]
    operations = [
        migrations.AddField(
            model_name="question",
            name="taught_in",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
