from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0021_taught_in")]
    operations = [
        migrations.AddField(
            model_name="sitting",
            name="option_order",
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
    ]
