"""Courses with columns, and the points of their learners there."""

from decimal import Decimal

from activities.registry import override_activity
from course.models import Course
from grading.models import GradeCategory, GradeItem, OwnColumn
from grading.services import OverrideOrder
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import load

ORAL = "columns:\n  - {id: oral, title: Oral exam, maximum: 10, category: exam, due: 2026-12-24 12:00}\n"


def with_columns(rows=ORAL):
    """Return the files of the nasty course, with columns."""
    files = nasty_files()
    return {**files, "course.yaml": files["course.yaml"] + rows.encode()}


def load_with_columns(rows=ORAL, **options):
    load(with_columns(rows), **options)
    return Course.objects.get(slug="nasty")


def oral():
    return OwnColumn.objects.get(key="oral")


def order(course, learner, points, *, comment="", author=None, column=None, is_exempt=False):
    points = None if points is None else Decimal(points)
    author = author or make.make_user(is_staff=True)
    column = column or oral()
    return OverrideOrder(course, column.pk, learner.pk, points, comment, author, make.NOW, is_exempt=is_exempt)


def give(course, learner, points, **details):
    return override_activity(order(course, learner, points, **details))


def make_column(*, course, category="review", maximum="10"):
    """Return a new column of a course that has no text."""
    number = OwnColumn.objects.filter(course=course).count()
    column = OwnColumn.objects.create(
        course=course, key=f"column-{number}", title="Project", maximum=maximum, category=category, position=number
    )
    GradeItem.objects.create(
        category=GradeCategory.objects.get(course=course, key=category),
        activity=column.pk,
        url_name="",
        kind="column",
        title=column.title,
        points_possible=column.maximum,
        winnable=[maximum],
        position=100 + number,
    )
    return column
