"""Make stored texts of labs say what each part is, not how it looks (docs/decisions/0022-content-without-presentation.md)."""

from django.db import migrations

from course.migrations._content_markup import convert_rows, digest_of, without_presentation_inside

SAID = ("key", "title", "runtime", "limits", "objectives", "source", "solution", "probes", "files")


def convert_labs(apps, schema_editor):
    modules = dict(apps.get_model("course", "Module").objects.values_list("pk", "key"))

    def convert_lab(lab):
        lab.cells = without_presentation_inside(lab.cells)
        if lab.digest:
            lab.digest = digest_of(lab, SAID, module_key=modules.get(lab.module_id, ""))

    for name in ("Lab", "HistoricalLab"):
        convert_rows(apps.get_model("labs", name).objects.all(), ["cells", "digest"], convert_lab)


class Migration(migrations.Migration):
    dependencies = [("labs", "0007_charts"), ("course", "0010_content_without_presentation")]

    operations = [migrations.RunPython(convert_labs, migrations.RunPython.noop, elidable=True)]
