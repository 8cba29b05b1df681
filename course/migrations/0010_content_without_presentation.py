"""Make stored lessons say what each part is, not how it looks (docs/decisions/0022-content-without-presentation.md)."""

from django.db import migrations

from course.migrations._content_markup import convert_rows, digest_of, without_presentation


def convert_lessons(apps, schema_editor):
    for name in ("Lesson", "HistoricalLesson"):
        convert_rows(apps.get_model("course", name).objects.all(), ["html", "digest"], convert_lesson)


def convert_lesson(lesson):
    lesson.html = without_presentation(lesson.html)
    if lesson.digest:
        lesson.digest = digest_of(lesson, ("key", "source", "is_open"))


class Migration(migrations.Migration):
    dependencies = [("course", "0009_revisions")]

    operations = [migrations.RunPython(convert_lessons, migrations.RunPython.noop, elidable=True)]
