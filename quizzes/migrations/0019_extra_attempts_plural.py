from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('quizzes', '0018_outage_causes'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='extraattempts',
            options={'verbose_name_plural': 'extra attempts'},
        ),
    ]
