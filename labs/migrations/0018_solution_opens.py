from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('labs', '0017_passed_tryouts'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicallab',
            name='solution_opens',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lab',
            name='solution_opens',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
