"""Versions keep their source, and say what each part is, not how it looks.

Versions are append-only. What they say does not change here, so the guards are lifted inside this migration's
transaction (docs/decisions/0022-content-without-presentation.md).
"""

import posixpath
import re
from functools import partial

from django.db import migrations, models

from course.migrations._content_markup import (
    convert_rows,
    digest_of,
    without_presentation,
    without_presentation_inside,
)
from course.migrations._guards import drop_guards, set_guards

TABLES = ["quizzes_questionversion"]
LINK = re.compile(r"\]\(<?([^)\s>]+)")


def convert_versions(apps, schema_editor):
    """Set the newest version of each question from its source. For older versions, only the stored rendering is available."""
    sources = current_sources(apps)

    def convert_version(version):
        version.source, version.figures = sources.get(version.pk, ("", {}))
        version.prompt_html = without_presentation(version.prompt_html)
        version.explanation_html = without_presentation(version.explanation_html)
        version.body = without_presentation_inside(version.body)
        version.secret = without_presentation_inside(version.secret)

    fields = ["source", "figures", "prompt_html", "explanation_html", "body", "secret"]
    convert_rows(apps.get_model("quizzes", "QuestionVersion").objects.all(), fields, convert_version)


def current_sources(apps):
    """Return source and figures of each question, by the key of its newest version."""
    files = apps.get_model("course", "CourseFile").objects.values_list("course", "path", "digest")
    digests = {(course, path): digest for course, path, digest in files}
    questions = apps.get_model("quizzes", "Question").objects.exclude(current=None).select_related("assessment")
    return {row.current_id: (row.source, figures_of(row, digests)) for row in questions.iterator(chunk_size=500)}


def figures_of(question, digests):
    folder, course = posixpath.dirname(question.file), question.assessment.course_id
    paths = {posixpath.normpath(posixpath.join(folder, path)) for path in LINK.findall(question.source)}
    return {path: digests[course, path] for path in sorted(paths) if (course, path) in digests}


def convert_digests(apps, schema_editor):
    questions = apps.get_model("quizzes", "Question").objects.select_related("current")
    convert_rows(questions, ["digest"], convert_digest)


def convert_digest(question):
    if question.digest and question.current:
        limit, figures = question.current.attempts_limit, question.current.figures
        question.digest = digest_of(question, ("key", "module_key", "source"), attempts_limit=limit, figures=figures)


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0005_not_begun"), ("course", "0010_content_without_presentation")]

    operations = [
        migrations.RunPython(partial(drop_guards, TABLES, ()), partial(set_guards, TABLES, ())),
        migrations.AddField("questionversion", "source", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("questionversion", "figures", models.JSONField(blank=True, default=dict)),
        migrations.RunPython(convert_versions, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(convert_digests, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(partial(set_guards, TABLES, ()), partial(drop_guards, TABLES, ())),
    ]
