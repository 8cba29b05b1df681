"""Migrate a database of the previous release, load the same course again and print the result as JSON.

python -m tests.authoring.upgrading

The program wrote the rows (previous-release.json) at the migrations BEFORE: the course of `previous_files`, with a
question that was worded differently when its learner answered, and an exam.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # Django must be set up before its parts are imported
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection, transaction  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from tests.authoring.folder.nasty import edited  # noqa: E402
from tests.factories import NOW  # noqa: E402
from tests.unsquashed import migrate_unsquashed  # noqa: E402

BEFORE = (
    ("course", "0008_text_drafts"),
    ("grading", "0003_credited"),
    ("labs", "0007_charts"),
    ("quizzes", "0005_not_begun"),
)
ROWS = Path(__file__).with_name("previous-release.json")
REVIEW = "01-first/review.yaml"
RICH = """|
    Because of
    ::: warning Careful
    | a | b |
    |---|--:|
    | 1 | $x$ |
    :::

    ```python
    import word
    ```

    ![A triangle](figures/triangle.svg "It has corners.")"""
CLASS = re.compile(r"<(\w+)(?=[^>]*? class=)[^>]*>")
TOKEN = re.compile(r'<span class="(\w+)">([^<]*)</span>')


def previous_files() -> dict[str, bytes]:
    files = dict(edited("course.yaml", "enrollment: code\n", ""))
    before, question, after = files[REVIEW].decode().partition("- id: how-much")
    after = after.replace("explanation: Two.", f"explanation: {RICH}", 1)
    after = after.replace("  taught_in: everything#math\n", "", 1)  # which no question could say
    return files | {REVIEW: f"{before}{question}{after}".encode()}


def fill() -> None:
    """Insert the rows as the previous release had written them."""
    models = MigrationExecutor(connection).loader.project_state(list(BEFORE)).apps
    with transaction.atomic():
        for label, rows in json.loads(ROWS.read_text()).items():
            model = models.get_model(label)
            fields = {field.attname: field for field in model._meta.concrete_fields}
            model._base_manager.bulk_create(
                model(**{name: fields[name].to_python(value) for name, value in row.items()}) for row in rows
            )


def is_guarded(act: Any) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def stored_html() -> dict[str, str]:
    """Return all rendered HTML in the database, by the object that it belongs to."""
    from course.models import Lesson
    from labs.models import Lab
    from quizzes.models import QuestionVersion

    found = {f"lesson {row.key}": row.html for row in Lesson.objects.all()}
    found |= {f"old lesson {row.pk}": row.html for row in Lesson.history.all()}
    for lab in (*Lab.objects.all(), *Lab.history.all()):
        found[f"lab {type(lab).__name__} {lab.key}"] = "".join(cell.get("html", "") for cell in lab.cells)
    for row in QuestionVersion.objects.select_related("question"):
        inner = f"{row.body}{row.secret}"
        found[f"question {row.question.key} {row.number}"] = f"{row.prompt_html}{row.explanation_html}{inner}"
    return found


def recolored(html: str) -> str:
    """Return HTML without the spans that no style sheet colors. Earlier releases had one around each name and space of code."""
    from course.markup.listings import COLORED

    return TOKEN.sub(lambda token: token[0] if token[1] in COLORED else token[2], html)


def load() -> list[str]:
    """Load the last folder of the previous release, and return the objects that change."""
    from authoring.services import CourseEdit, publish, read_folder

    loaded = publish(edit=CourseEdit(read_folder(previous_files()), folder="nasty"), now=NOW)
    assert loaded.is_written
    return [f"{change.action} {change.kind} {change.key}" for change in loaded.changes]


def pages() -> dict[str, list[str]]:
    """Return the status of each page on which the learner sees their answers, and the parts of the text on it."""
    from accounts.models import User
    from quizzes.models import Assessment

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get())
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    found = {}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        for row in Assessment.objects.order_by("key"):
            for page in (f"/assessments/{row.pk}/", f"/assessments/{row.pk}/attempts/"):
                answer = client.get(page)
                told = re.findall(r'(?:data-callout="\w+"|<figure data-\w+)', answer.content.decode())
                found[page.replace(row.pk, row.key)] = [str(answer.status_code), *told]
    return found


def result() -> dict[str, object]:
    from quizzes.models import QuestionVersion

    html = stored_html()
    versions = QuestionVersion.objects.order_by("pk")
    return {
        "classes": sorted({element for text in html.values() for element in CLASS.findall(text)}),
        "changes": load(),
        "rendered otherwise": [
            name for name, text in stored_html().items() if text not in (html[name], recolored(html[name]))
        ],
        "versions": [f"{row.question.key} {row.number}" for row in versions if row.number > 1],
        "without source": [f"{row.question.key} {row.number}" for row in versions if not row.source],
        "figures": [f"{row.question.key} {path}" for row in versions for path in row.figures],
        "guards": [
            is_guarded(lambda: versions.update(prompt="another")),
            is_guarded(lambda: versions._raw_delete(connection.alias)),
        ],
        "pages": pages(),
    }


if __name__ == "__main__":
    for app, migration in BEFORE:
        migrate_unsquashed(app, migration)
    fill()
    call_command("migrate", verbosity=0)
    call_command("verify_grades", stdout=sys.stderr)
    sys.stdout.write(json.dumps(result()))
