"""The columns of a course: graded items without an activity, and the points that their learners have (D41)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet

from grading.models import GradeCategory, Override, OwnColumn
from grading.rules.column_points import PointsFile
from grading.rules.membership import COLUMN
from grading.rules.overrides import OverrideLine
from grading.selectors.gradebook import APPLIES
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import learners_in, within_sight


@dataclass(frozen=True)
class ColumnLine:
    """A column with the title of its category, and how many learners have points in it or are exempt."""

    column: OwnColumn
    category: str
    given: int


@dataclass(frozen=True)
class ColumnDue:
    """When a column is due."""

    column_id: str
    course_slug: str
    title: str
    due_at: datetime


@dataclass(frozen=True)
class ColumnPoints:
    """What a learner has in a column: points with a comment, or an exemption with its reason."""

    points: Decimal | None
    comment: str
    is_exempt: bool
    author_id: int


NO_POINTS = ColumnPoints(None, "", False, 0)


def columns_in(course_id: int) -> QuerySet[OwnColumn]:
    """Return the columns of a course, without removed ones, in order."""
    return OwnColumn.objects.filter(course_id=course_id, is_retired=False).order_by("position", "pk")


def column_in(course_id: int, column_id: str) -> OwnColumn | None:
    """Return a column of a course, or None if it has none with this id, or a removed one."""
    return columns_in(course_id).filter(pk=column_id).first()


def has_column(course_id: int, column_id: str) -> bool:
    """Return whether a course has a column, even a removed one."""
    return OwnColumn.objects.filter(pk=column_id, course_id=course_id).exists()


def due_columns(course_id: int) -> list[ColumnDue]:
    """Return when each column with a due date is due. Runs one query."""
    rows = columns_in(course_id).filter(due_at__isnull=False)
    return [ColumnDue(*values) for values in rows.values_list("pk", "course__slug", "title", "due_at")]


def column_lines(course_id: int, sight: LearnerSight = EVERYONE) -> list[ColumnLine]:
    """Return the columns of a course in order. Only learners in sight are counted. Runs three queries."""
    titles = dict(GradeCategory.objects.filter(course_id=course_id).values_list("key", "title"))
    rows = within_sight(records_in_force(course_id), sight)
    given = dict(rows.values_list("item__activity").annotate(Count("pk")))
    return [
        ColumnLine(row, titles.get(row.category, row.category), given.get(row.pk, 0)) for row in columns_in(course_id)
    ]


def records_in_force(course_id: int | None) -> QuerySet[Override]:
    """Return the records that give points in columns or exempt from them, of a course or of all."""
    newer = Override.objects.filter(item=OuterRef("item"), learner=OuterRef("learner"), pk__gt=OuterRef("pk"))
    rows = Override.objects.filter(APPLIES, ~Exists(newer), item__kind=COLUMN)
    return rows if course_id is None else rows.filter(item__category__course_id=course_id)


def changed_lines(
    course_id: int, column_id: str, file: PointsFile, reader_id: int | None, sight: LearnerSight
) -> tuple[OverrideLine, ...]:
    """Return the lines of a file that say something else than what is stored. Runs two queries.

    A learner out of sight has nothing stored. An empty comment leaves one alone that the reader may not see (D28), and so
    does a file without comments.
    """
    usernames = {line.username for line in file.lines}
    people = (
        learners_in(course_id, sight=sight)
        .filter(user__username__in=usernames)
        .values_list("user__username", "user_id")
    )
    ids = dict(people)
    stored = points_in(course_id, column_id, list(ids.values()))
    return tuple(
        line
        for line in file.lines
        if is_new_line(line, stored.get(ids.get(line.username, 0), NO_POINTS), file.has_comments, reader_id)
    )


def is_new_line(line: OverrideLine, stored: ColumnPoints, has_comments: bool, reader_id: int | None) -> bool:
    """Return whether a line differs from what its learner has in the column."""
    if (line.points, line.is_exempt) != (stored.points, stored.is_exempt):
        return True
    if stored is NO_POINTS:  # no points, so no comment; a learner of no course is judged later
        return False
    is_hidden = reader_id not in (None, stored.author_id)
    return has_comments and line.reason != stored.comment and not (is_hidden and not line.reason)


def points_in(course_id: int, column_id: str, learner_ids: Collection[int]) -> dict[int, ColumnPoints]:
    """Return what these learners have in a column, by learner, without those who have nothing. Runs one query."""
    rows = records_in_force(course_id).filter(item__activity=column_id, learner__in=learner_ids)
    values = rows.values_list("learner_id", "points_earned", "reason", "is_exempt", "author_id")
    return {
        learner_id: ColumnPoints(points, reason, bool(is_exempt), author_id)
        for learner_id, points, reason, is_exempt, author_id in values
    }


def column_cells(course_id: int | None, learner_ids: Collection[int] | None = None) -> list[tuple[int, str, int]]:
    """Return the cells of columns with points: course, column and learner, sorted. Runs one query."""
    rows = records_in_force(course_id).filter(points_earned__isnull=False)
    if learner_ids is not None:
        rows = rows.filter(learner__in=learner_ids)
    return sorted(rows.values_list("item__category__course_id", "item__activity", "learner_id"))
