from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('course', '0033_sign_in_failures'),
    ]

    operations = [
        migrations.AddField(
            model_name='lessonvisit',
            name='seen_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
