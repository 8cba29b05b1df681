"""Write the labs of a course folder to the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from course.rules.changes import WRITING, Action, Change, Writer
from course.services import changes_of, plan_rows, rendered_otherwise, settle_row
from labs.models import Lab
from labs.rules.texts import LabText

LAB_FIELDS = (
    *("title", "runtime", "minutes", "limits", "objectives", "cells", "source", "solution"),
    *("probes", "files", "tests", "late", "position", "solution_opens"),
)
# They follow from the source, the probes, and what the policy of the course counts.
RENDERED_FIELDS = ("cells", "tests", "solution_opens")
STATE_FIELDS = ("digest", "edited_at", "edited_by", "is_retired")


def write_labs(
    *, course_id: int, modules: Mapping[str, str], texts: Sequence[LabText], writer: Writer, now: datetime
) -> tuple[Change, ...]:
    """Write the labs, like `course.services.write_course`.

    `modules` maps keys to ids. Labs that are no longer in the folder are retired.
    """
    rows = {row.key: row for row in Lab.objects.filter(course_id=course_id)}
    by_key = {text.key: text for text in texts}
    plan = plan_rows(
        rows=rows,
        texts=by_key,
        writer=writer,
        is_moved=lambda row, text: (row.position, row.module_id) != (text.position, modules[text.module_key]),
    )
    changes = changes_of("lab", plan, rows)
    written = [key for key, action in plan.items() if action in WRITING]
    for key in written:
        row = rows.setdefault(key, Lab(course_id=course_id, key=key))
        settle_row(row, by_key.get(key), LAB_FIELDS, plan[key], writer)
        if key in by_key:
            row.module_id = modules[by_key[key].module_key]
    new = [rows[key] for key in written if plan[key] is Action.ADDED]
    old = [rows[key] for key in written if plan[key] is not Action.ADDED]
    if new:
        bulk_create_with_history(new, Lab, default_date=now)
    if old:
        bulk_update_with_history(old, Lab, [*LAB_FIELDS, *STATE_FIELDS, "module"], default_date=now)
    if stale := rendered_otherwise(rows=rows, texts=by_key, plan=plan, names=RENDERED_FIELDS):
        Lab.objects.bulk_update(stale, RENDERED_FIELDS)
    _count_kept_labs([rows[key] for key in by_key if plan[key] is Action.KEPT], by_key)
    return tuple(change for change in changes if change.action is not Action.UNCHANGED)


def _count_kept_labs(kept: Sequence[Lab], texts: Mapping[str, LabText]) -> None:
    """Write when the solutions of labs open whose texts stay as they are here: the policy decides that, too."""
    stale = [lab for lab in kept if lab.solution_opens != texts[lab.key].solution_opens]
    for lab in stale:
        lab.solution_opens = texts[lab.key].solution_opens
    if stale:
        Lab.objects.bulk_update(stale, ["solution_opens"])
