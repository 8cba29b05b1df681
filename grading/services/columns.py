"""Columns of a course: what course.yaml declares, and the points that instructors enter there (D41).

The points are records of the table of overrides, so everything that reads, exports, erases, seals and verifies overrides
holds for them as well.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import transaction

from activities.kinds import Recomputation, RecomputedScore, RecomputedWorth
from activities.registry import evidence_for
from course.rules.texts import ColumnText
from grading.models import OwnColumn
from grading.refusals import Refusal
from grading.rules.activity_results import ActivityWorth, overridden
from grading.rules.membership import COLUMN
from grading.selectors.columns import column_cells, columns_in, has_column
from grading.selectors.rows import ledger, ledgers
from grading.services.items import ItemText
from grading.services.overrides import OverrideOrder, carry_out
from grading.services.scores import GradeAction, ScoreEntry, record_score, write_entries
from people.services import lock_enrollment

if TYPE_CHECKING:
    from grading.models import Override

FIELDS = ("title", "maximum", "category", "due_at", "is_extra", "position", "is_retired")


def write_columns(*, course_id: int, columns: Sequence[ColumnText]) -> None:
    """Set the columns of a course. A removed one is retired and keeps its points.

    `write_items` then says whether grades may change.
    """
    rows = {row.key: row for row in OwnColumn.objects.filter(course_id=course_id)}
    new = []
    for row in rows.values():
        row.is_retired = True
    for position, text in enumerate(columns):
        row = rows.get(text.key) or OwnColumn(course_id=course_id, key=text.key)
        row.title, row.maximum, row.category = text.title, text.maximum, text.category
        row.due_at, row.is_extra = text.due_at, text.is_extra
        row.position, row.is_retired = position, False
        if text.key not in rows:
            new.append(row)
    OwnColumn.objects.bulk_create(new)
    if rows:
        OwnColumn.objects.bulk_update(rows.values(), FIELDS)


def column_items(*, course_id: int, position: int) -> list[ItemText]:
    """Return the columns as items of the gradebook, from this position on. Runs one query."""
    return [
        ItemText(
            activity=column.pk,
            url_name="",
            kind=COLUMN,
            title=column.title,
            winnable=(column.maximum,),
            position=position + column.position,
            key=column.key,
            category=column.category,
            is_extra=column.is_extra,
        )
        for column in columns_in(course_id)
    ]


@transaction.atomic
def override_column(order: OverrideOrder) -> "Override":
    """Give a learner points in a column, exempt them from it, or withdraw either. Return the record in force.

    Raises Refusal not_found, points_invalid, nothing_to_undo, nothing_left, reason_missing, reason_unfit.
    """
    if not has_column(order.course.pk, order.activity):
        raise Refusal("not_found")
    return carry_out(order, follow=lambda action: _record_points(order, action), is_column=True)


def _record_points(order: OverrideOrder, action: GradeAction) -> None:
    """Record the score that follows from the record in force."""
    lock_enrollment(learner_id=order.learner_id, course_id=order.course.pk)
    before = ledger(order.learner_id, order.course.pk)
    entry = ScoreEntry(order.learner_id, order.course.pk, order.activity, None, before)
    record_score(entry, action, evidence_for(entry, action.now))


def rescore_columns(*, course_id: int, action: GradeAction) -> None:
    """Recompute the scores of the columns after the course's policy or its columns changed.

    Call it under the learners' locks. Runs a constant number of queries for each column.
    """
    cells = [(column_id, learner_id) for _course, column_id, learner_id in column_cells(course_id)]
    for column_id, of_column in groupby(cells, key=lambda cell: cell[0]):
        before = ledgers(course_id, [learner_id for _column, learner_id in of_column])
        write_entries(
            [ScoreEntry(learner_id, course_id, column_id, None, cells_of) for learner_id, cells_of in before.items()],
            action,
        )


def recomputed_column_worths(course_id: int) -> dict[str, RecomputedWorth]:
    """Return what each column of a course is worth, by id. Runs one query."""
    return {column.pk: RecomputedWorth(ActivityWorth((column.maximum,)), None) for column in columns_in(course_id)}


def recomputed_column_scores(
    learners: Sequence[int], course_id: int | None, now: datetime
) -> Iterator[RecomputedScore]:
    """Yield each score of these learners in a column, from the records of its points only, whatever the time is."""
    by_course = groupby(column_cells(course_id, learners), key=lambda cell: cell[0])
    for course, group in by_course:
        cells = [(column_id, learner_id) for _course, column_id, learner_id in group]
        by_learner = ledgers(course, sorted({learner_id for _column, learner_id in cells}))
        for column_id, learner_id in cells:
            row = by_learner[learner_id].row(column_id)
            result = overridden(row.unbegun, row.override) if row else None
            yield RecomputedScore(column_id, learner_id, result)


COLUMN_RECOMPUTATION = Recomputation(recomputed_column_worths, recomputed_column_scores, lambda course_id: iter(()))
