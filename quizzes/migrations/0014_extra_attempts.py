import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from course.migrations._guards import guard


class Migration(migrations.Migration):

    dependencies = [
        ('quizzes', '0013_late_policy'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExtraAttempts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('extra', models.PositiveSmallIntegerField()),
                ('created_at', models.DateTimeField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.assessment')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['learner', 'assessment'], name='extra_attempts_of_learner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('extra__lte', 20)), name='extra_attempts_most')],
            },
        ),
        migrations.CreateModel(
            name='ExtraAttemptsNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('given', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='note', to='quizzes.extraattempts')),
            ],
        ),
        migrations.RunPython(*guard(append_only=["quizzes_extraattempts"])),
    ]
