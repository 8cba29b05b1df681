"""Code of the last release works on today's tables: its models, as the migrations remember them, write and read there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import CharField
from django.utils import timezone

from foundation.ids import new_id
from tests.laws.released import APPS, releases, state_of

pytestmark = pytest.mark.django_db
LAST = list(releases())[-1]


@pytest.fixture(scope="module")
def old():
    return state_of(LAST).apps


def columns_of(table):
    with connection.cursor() as cursor:
        return {column.name: column for column in connection.introspection.get_table_description(cursor, table)}


def test_every_column_of_the_last_release_exists_and_a_row_needs_no_other(old):
    problems = []
    for model in (model for model in old.get_models() if model._meta.app_label in APPS):
        table, known = model._meta.db_table, {field.column: field for field in model._meta.concrete_fields}
        found = columns_of(table)
        problems += [f"{table}.{name} is gone" for name in known.keys() - found.keys()]
        problems += [
            f"{table}.{name} needs a value"
            for name, column in found.items()
            if not column.null_ok and (known[name].null if name in known else column.default is None)
        ]
    assert problems == []


def test_a_learner_of_the_last_release_enrolls_answers_and_runs_code(old):
    now = timezone.now()

    def create(app, name, **values):
        model = old.get_model(app, name)
        own = {"id": new_id()} if isinstance(model._meta.pk, CharField) else {}  # migrations do not say who makes it
        return model.objects.create(**own, **values)

    learner = create("course", "User", username="mina")
    course = create("course", "Course", slug="deep", title="Deep", pass_percent=70)
    module = create("course", "Module", course=course, key="m", title="M", position=1)
    lesson = create("course", "Lesson", module=module, key="l", title="L", position=1)
    enrollment = create("course", "Enrollment", user=learner, course=course, enrolled_at=now)
    visit = create("course", "LessonVisit", user=learner, lesson=lesson, opened_at=now)
    weights = {"weight": 100, "pass_percent": 0, "of": "review", "position": 1}
    category = create("grading", "GradeCategory", course=course, key="r", title="R", **weights)
    limits = {"time_limit": timedelta(hours=1), "position": 1}
    exam = create("quizzes", "Assessment", course=course, module=module, key="e", title="E", kind="exam", **limits)
    item = create(
        "grading", "GradeItem", category=category, activity="assessment", title="E", points_possible=1, position=1
    )
    sitting = create(
        "quizzes", "Sitting", learner=learner, assessment=exam, started_at=now, deadline_at=now + timedelta(hours=1)
    )
    lab = create("labs", "Lab", module=module, course=course, key="x", title="X", position=1)
    draft = create("labs", "LabDraft", learner=learner, lab=lab, saved_at=now)
    run = create("labs", "Run", learner=learner, lab=lab, cells=[], created_at=now)
    for row in (learner, course, module, lesson, enrollment, visit, category, item, exam, sitting, lab, draft, run):
        row.save(force_update=True)
        assert type(row).objects.get(pk=row.pk) == row


def test_todays_code_reads_the_defaults_of_a_row_that_the_last_release_wrote(old):
    from course.models import Course

    pk = old.get_model("course", "Course").objects.create(slug="deep", title="Deep", pass_percent=70).pk
    course = Course.objects.get(pk=pk)
    read = (course.timezone, course.joining, course.joining_here, course.join_code, course.visibility)
    assert read == ("UTC", "open", "", "", "listed")
