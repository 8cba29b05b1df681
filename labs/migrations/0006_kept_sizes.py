import json

from django.db import migrations, models
from django.db.models.functions import Cast, Length

LONG = 256 << 10  # bytes of output; more than that is stored in pages
MOST = 500  # outputs of a page


def reckon_sizes(apps, schema_editor):
    """Store the size in bytes of each run's code and output, and move long output to pages."""
    Run, OutputPage = apps.get_model('labs', 'Run'), apps.get_model('labs', 'OutputPage')
    texts = {name: Length(Cast(name, models.TextField())) for name in ('cells', 'silent', 'outputs')}
    Run.objects.update(size=texts['cells'] + texts['silent'] + texts['outputs'])
    long = Run.objects.filter(has_output=True).annotate(length=texts['outputs']).filter(length__gt=LONG)
    for run_id in list(long.values_list('pk', flat=True)):
        outputs = Run.objects.values_list('outputs', flat=True).get(pk=run_id)
        first, *rest = pages_of(outputs)
        OutputPage.objects.bulk_create(
            [OutputPage(run_id=run_id, number=number, outputs=page) for number, page in enumerate(rest, 1)], batch_size=20
        )
        Run.objects.filter(pk=run_id).update(outputs=first)


def pages_of(outputs):
    pages, room = [[]], LONG
    for output in outputs:
        size = len(json.dumps(output))
        if pages[-1] and (size > room or len(pages[-1]) == MOST):
            pages.append([])
            room = LONG
        pages[-1].append(output)
        room -= size
    return pages


def join_pages(apps, schema_editor):
    Run, OutputPage = apps.get_model('labs', 'Run'), apps.get_model('labs', 'OutputPage')
    for run_id in list(OutputPage.objects.values_list('run_id', flat=True).distinct()):
        outputs = Run.objects.values_list('outputs', flat=True).get(pk=run_id)
        for page in OutputPage.objects.filter(run_id=run_id).order_by('number').values_list('outputs', flat=True):
            outputs += page
        Run.objects.filter(pk=run_id).update(outputs=outputs)


class Migration(migrations.Migration):
    """Separate from the tables of 0005, because PostgreSQL cannot change a table whose rows were written in the same
    transaction.
    """

    dependencies = [
        ('labs', '0005_keeping'),
    ]

    operations = [
        migrations.RunPython(reckon_sizes, join_pages, elidable=True),
    ]
