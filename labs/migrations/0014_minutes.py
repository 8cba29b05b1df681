from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("labs", "0013_regrades")]

    operations = [
        migrations.AddField(
            model_name="lab",
            name="minutes",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="historicallab",
            name="minutes",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
