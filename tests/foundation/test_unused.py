"""A column is removed in two releases: first nothing needs it any more, then it is dropped."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from foundation.unused import DropUnused, StopUsing, StopUsingTable

TABLE = "foundation_motto"
MOTTO = migrations.CreateModel(
    "Motto", [("id", models.BigAutoField(primary_key=True)), ("text", models.TextField()), ("tone", models.TextField())]
)


@pytest.fixture
def apply(transactional_db):
    """Return a function that applies an operation, and returns the models before and after it."""
    state = ProjectState()

    def apply_next(operation):
        nonlocal state
        before, state = state, state.clone()
        operation.state_forwards("foundation", state)
        with connection.schema_editor() as editor:
            operation.database_forwards("foundation", editor, before, state)
        return before.apps, state.apps

    yield apply_next
    with connection.schema_editor() as editor:
        editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def columns():
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, TABLE)}


def test_old_and_new_code_write_between_the_two_releases_and_then_the_column_is_dropped(apply):
    apply(MOTTO)
    old, new = apply(StopUsing("Motto", "tone"))
    new.get_model("foundation", "Motto").objects.create(text="new")
    if connection.vendor != "sqlite":  # there, old and new code never run together
        old.get_model("foundation", "Motto").objects.create(text="old", tone="calm")
        assert columns() == {"id", "text", "tone"}
    apply(DropUnused(TABLE, "tone"))
    assert columns() == {"id", "text"}


def test_a_table_that_the_models_do_not_know_any_more_is_dropped_later(apply):
    apply(MOTTO)
    old, _ = apply(StopUsingTable("Motto"))
    old.get_model("foundation", "Motto").objects.create(text="old", tone="calm")
    apply(DropUnused(TABLE))
    assert TABLE not in connection.introspection.table_names()
