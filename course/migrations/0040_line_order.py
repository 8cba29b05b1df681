from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("course", "0039_group_dates")]
    operations = [
        migrations.AddField(
            model_name="module",
            name="line_order",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
    ]
