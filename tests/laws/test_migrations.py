"""Migrations only expand: the code of the last release works with the tables of the next, so that machines can be upgraded
one after another (docs/decisions/0032-rolling-upgrades.md).
"""

import tomllib
from collections.abc import Iterator

import pytest
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from foundation.unused import DropUnused, StopUsing, StopUsingTable
from tests.laws.released import APPS, last_migrations, releases, state_of
from tests.laws.test_source import ROOT
from tests.unsquashed import Unsquashed, plan

# A step that the law cannot judge, and why code of the last release works before and after it.
REASONS = {
    "course 0014_erasable_audit RunPython": "allows more updates",
    "course 0020_date_extensions RunPython": "guards a new table",
    "course 0026_seals RunPython": "guards a new table",
    "course 0036_roles_alone RunPython": "ends roles that give no rights to the last release",
    "course 0039_group_dates RunPython": "guards a new table",
    "course 0042_student_numbers AddConstraint one_student_number": "0.9.0 writes no student number",
    "grading 0005_erasable_reasons RunPython": "allows more updates",
    "grading 0007_exemption RunPython": "allows more updates",
    "grading 0008_late_points WidenLater": "only more digits, which nobody writes while 0.9.0 runs, and after it ended",
    "grading 0008_late_points RunPython": "creates the same guards again",
    "grading 0009_event_basis RunPython": "creates the same guard again",
    "labs 0013_regrades RunPython": "guards a new table",
    "quizzes 0008_erasable_texts RunPython": "allows more updates",
    "quizzes 0010_pauses RunPython": "creates the same guard again, and guards new tables",
    "quizzes 0010_pauses AddConstraint paused_with_time_left": "holds while no exam is paused, which 0.9.0 cannot do",
    "quizzes 0012_disclosure RunPython": "guards a new table",
    "quizzes 0014_extra_attempts RunPython": "guards a new table",
    "quizzes 0015_fewer_indexes RunPython": "creates the same guards again",
    "quizzes 0017_untimed_exams RunPython": "allows more updates",
    "quizzes 0023_variants AddConstraint question_variant": "0.9.0 writes variant 0 only, once for each number",
    "quizzes 0023_variants RunPython": "creates the same guards again",
    "quizzes 0024_ungraded_sittings AddConstraint ungraded_is_void": "holds for every graded sitting, and 0.9.0 writes no other",
    "quizzes 0024_ungraded_sittings AddConstraint one_ungraded_open": "says nothing about graded sittings",
    "quizzes 0024_ungraded_sittings RunPython": "creates the same guard again",
}
EXPAND = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    StopUsing,
    StopUsingTable,
)


def problem_with(operation: Operation, app: str, released: ProjectState, now: ProjectState) -> str:
    """Return what code of the last release cannot bear in an operation, "" if nothing.

    `released` are the models of that release, `now` those before the operation.
    """
    if isinstance(operation, EXPAND):
        return ""
    if isinstance(operation, DropUnused):
        return "the last release uses it" if is_used(operation, released) else ""
    model = getattr(operation, "model_name", "").lower()
    if model and (app, model) not in released.models:
        return ""  # a new table, which the last release does not use
    if isinstance(operation, migrations.AddField):
        return problem_with_new(operation.field)
    if isinstance(operation, migrations.AlterField):
        return problem_with_change(now.models[app, model].fields[operation.name], operation.field)
    if isinstance(operation, migrations.RemoveField | migrations.DeleteModel):
        return "removes at once: use foundation.unused"
    return f"{type(operation).__name__} needs a reason"


def problem_with_new(field: models.Field) -> str:
    if isinstance(field, models.ManyToManyField) or field.null:
        return ""
    if field.unique:
        return "all rows would get the same value, which must be unique"
    return "" if field.has_db_default() else "needs null=True or db_default"


def problem_with_change(old: models.Field, new: models.Field) -> str:
    if type(old) is not type(new):
        return "changes the type"
    if old.null and not new.null:
        return "no longer accepts NULL"
    if new.unique and not old.unique:
        return "becomes unique"
    if old.has_db_default() and not new.has_db_default() and not new.null:
        return "loses its db_default"
    if (new.max_length or 10**9) < (old.max_length or 10**9):
        return "accepts fewer characters"
    digits = [(field.max_digits, field.decimal_places) for field in (old, new) if hasattr(field, "max_digits")]
    return "changes the digits" if len(set(digits)) > 1 else ""


def is_used(drop: DropUnused, released: ProjectState) -> bool:
    tables = {table_of(state): state for state in released.models.values()}
    if drop.table not in tables:
        return False
    columns = {field.db_column or name_in_table(name, field) for name, field in tables[drop.table].fields.items()}
    return not drop.column or drop.column in columns


def table_of(state: ModelState) -> str:
    return state.options.get("db_table") or f"{state.app_label}_{state.name_lower}"


def name_in_table(name: str, field: models.Field) -> str:
    return f"{name}_id" if field.remote_field else name


def steps() -> Iterator[tuple[str, str]]:
    """Yield each operation after the oldest release, with its problem."""
    loader = Unsquashed(None)
    versions, leaves = list(releases()), loader.graph.leaf_nodes()
    ends = [*(last_migrations(version) for version in versions[1:]), leaves]
    for version, end in zip(versions, ends, strict=True):
        released = state_of(version)
        now = released.clone()
        done = set(plan(loader, last_migrations(version)))
        for app, name in plan(loader, end):
            if (app, name) in done:
                continue
            for operation in loader.graph.nodes[app, name].operations:
                if app in APPS:
                    detail = getattr(getattr(operation, "constraint", None), "name", "")
                    step = f"{app} {name} {type(operation).__name__} {detail}".strip()
                    yield step, problem_with(operation, app, released, now)
                operation.state_forwards(app, now)


def test_the_version_of_the_package_is_the_last_release_that_was_noted():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert list(releases())[-1] == version


def test_migrations_after_a_release_only_expand():
    problems = {(step, problem) for step, problem in steps() if problem}
    assert [f"{step}: {problem}" for step, problem in sorted(problems) if step not in REASONS] == []
    assert set(REASONS) <= {step for step, _ in problems}


@pytest.mark.parametrize(
    ("problem", "operation"),
    [
        ("needs null=True or db_default", migrations.AddField("Course", "motto", models.TextField(default=""))),
        ("", migrations.AddField("Course", "motto", models.TextField(default="", db_default=""))),
        ("", migrations.AddField("Course", "motto", models.TextField(null=True))),
        ("", migrations.AddField("SealMark", "motto", models.TextField())),
        (
            "all rows would get the same value, which must be unique",
            migrations.AddField("Course", "motto", models.SlugField(db_default="", unique=True)),
        ),
        ("removes at once: use foundation.unused", migrations.RemoveField("Course", "summary")),
        ("removes at once: use foundation.unused", migrations.DeleteModel("Course")),
        ("", StopUsing("Course", "summary")),
        ("", StopUsingTable("Course")),
        ("the last release uses it", DropUnused("course_course", "summary")),
        ("the last release uses it", DropUnused("course_course")),
        ("the last release uses it", DropUnused("course_module", "course_id")),
        ("", DropUnused("course_course", "motto")),
        ("", DropUnused("course_motto")),
        ("RenameField needs a reason", migrations.RenameField("Course", "summary", "motto")),
        ("RenameModel needs a reason", migrations.RenameModel("Course", "Motto")),
        ("RunSQL needs a reason", migrations.RunSQL("SELECT 1")),
        ("no longer accepts NULL", migrations.AlterField("Course", "loaded_at", models.DateTimeField())),
        ("becomes unique", migrations.AlterField("Course", "summary", models.TextField(unique=True))),
        ("changes the type", migrations.AlterField("Course", "summary", models.JSONField())),
        ("accepts fewer characters", migrations.AlterField("Course", "title", models.CharField(max_length=100))),
        ("", migrations.AlterField("Course", "title", models.CharField(max_length=400))),
        (
            "changes the digits",
            migrations.AlterField("Course", "pass_percent", models.DecimalField(max_digits=5, decimal_places=3)),
        ),
    ],
    ids=lambda given: "" if isinstance(given, str) else given.describe(),
)
def test_what_the_last_release_cannot_bear_is_named(problem, operation):
    released = state_of("0.9.0")
    assert problem_with(operation, "course", released, released) == problem
