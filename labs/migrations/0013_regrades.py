import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from course.migrations._guards import guard


class Migration(migrations.Migration):

    dependencies = [
        ('labs', '0012_traces'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='judged_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AddField(
            model_name='run',
            name='regraded',
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name='Retest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('probes', models.TextField()),
                ('files', models.JSONField(default=dict)),
                ('digest', models.CharField(max_length=64)),
                ('total', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('is_canceled', models.BooleanField(default=False)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lab', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retests', to='labs.lab')),
            ],
        ),
        migrations.CreateModel(
            name='RetestedRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tests', models.JSONField(null=True)),
                ('retest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='labs.retest')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='labs.run')),
            ],
        ),
        migrations.CreateModel(
            name='LabRegrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lowers', models.BooleanField(default=False)),
                ('reason', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regrades', to='labs.retest')),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='labs.labregrade')),
            ],
        ),
        migrations.AddConstraint(
            model_name='retest',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('lab',), name='one_retest_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='retestedrun',
            constraint=models.UniqueConstraint(fields=('retest', 'run'), name='retested_once'),
        ),
        migrations.RunPython(*guard(append_only=["labs_labregrade"])),
    ]
