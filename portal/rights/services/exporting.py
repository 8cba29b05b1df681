"""Build the archive of what is stored about a person: JSON for programs, and a page that anyone can open."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO, TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from foundation.queue import wake
from foundation.reasons import stated
from grading.selectors import courses_with_certificate
from grading.selectors.own_data import grade_data
from grading.services import settle_grades
from labs.selectors import file_contents, lab_tables, whole_runs
from lessons.help.selectors import help_data
from portal.rights.selectors import Section, account_tables, course_tables
from portal.rights.services.exports import (
    PART,
    claim_export,
    finish_export,
    move_export,
    request_export,
    waiting_exports,
)
from quizzes.selectors.own_data import answer_data, hidden_activities
from quizzes.services import settle_due

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from portal.rights.models import PersonalExport

BUILD_EXPORT = "rights.build_export"
IN_MEMORY = 8 << 20  # bytes of an archive that stay in memory; a larger one is built in a temporary file

type ExportClock = Callable[[], datetime]
type Source = Callable[[], Iterable[Section]]


def order_export(*, user: "User", now: datetime) -> "PersonalExport":
    """Order a person's own archive of everything. A worker builds it."""
    export, _is_new = request_export(user=user, asked_by=user, now=now)
    wake(BUILD_EXPORT, export.pk)
    return export


def order_learner_export(
    *, learner: "User", course: "Course", author: "User", reason: str, now: datetime
) -> "PersonalExport":
    """Order, for an instructor, an archive of a learner's work in one course. The audit keeps the reason.

    Raises Refusal reason_missing, reason_unfit.
    """
    export, _is_new = request_export(user=learner, asked_by=author, course=course, reason=stated(reason), now=now)
    wake(BUILD_EXPORT, export.pk)
    return export


def build_next_export(*, clock: ExportClock) -> bool:
    """Build the oldest archive that no worker is building. Return whether there was one."""
    return any(build_export(export_id=export_id, clock=clock) for export_id in waiting_exports(now=clock())[:1])


def build_export(*, export_id: int, clock: ExportClock) -> bool:
    """Build one archive. Return False if it is built already, or if another worker builds it."""
    now = clock()
    export = claim_export(export_id=export_id, total=len(sources(0, None, now)) + 2, now=now)
    if export is None:
        return False
    settle_due(now=now, learner_id=export.user_id)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        for done in write_sections(file, export.user_id, export.course_id, now):
            if not move_export(export=export, done=done, now=clock()):
                return False
        file.seek(0)
        return finish_export(export=export, content=iter(lambda: file.read(PART), b""), now=clock())


def sources(user_id: int, course_id: int | None, now: datetime) -> list[Source]:
    """Return what to ask for the facts, in the order of the archive. An archive of one course has no account in it."""
    hidden = hidden_activities(user_id, now)
    grades = settle_grades(now=now, learner_id=user_id)
    untold = [pk for pk in courses_with_certificate(user_id) if not grades.knows_certificate(user_id, pk)]
    of_courses: list[Source] = [
        lambda: course_tables(user_id, course_id),
        lambda: grade_data(user_id, course_id, hidden, untold),
        lambda: answer_data(user_id, course_id, now),
        lambda: [("asked_about_lessons_and_labs", help_data(user_id, course_id))],
        lambda: lab_tables(user_id, course_id),
    ]
    return [lambda: account_tables(user_id) if course_id is None else [], *of_courses]


def write_sections(file: IO[bytes], user_id: int, course_id: int | None, now: datetime) -> Iterator[int]:
    """Write the archive to a file, and yield after each section how many are written."""
    sections: list[Section] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, source in enumerate(sources(user_id, course_id, now), 1):
            sections += [(name, rows) for name, rows in source() if rows]
            yield done
        archive.writestr("data.json", fact_json({"made_at": now, **dict(sections)}))
        archive.writestr("index.html", archive_page(sections, now))
        yield done + 1
        for run in whole_runs(user_id, course_id):
            archive.writestr(f"lab_runs/{run['id']}.json", fact_json(run))
        for path, content in file_contents(user_id, course_id):
            archive.writestr(path, content)
    yield done + 2


def fact_json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def archive_page(sections: list[Section], now: datetime) -> str:
    """Return the archive's page: a table for each section."""
    tables = [
        (
            name.replace("_", " ").capitalize(),
            [head.replace("__", " ").replace("_", " ") for head in fact_columns(rows)],
            fact_lines(rows),
        )
        for name, rows in sections
    ]
    return render_to_string("portal/export.html", {"tables": tables, "now": now})


def fact_columns(rows: list[dict[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def fact_lines(rows: list[dict[str, object]]) -> list[list[str]]:
    return [[fact_text(row.get(name)) for name in fact_columns(rows)] for row in rows]


def fact_text(value: object) -> str:
    """Return a stored value for reading: texts as they are, times in UTC, anything nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return fact_json(value) if isinstance(value, list | dict) else str(value)
