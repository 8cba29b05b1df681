"""Migrations that remove something in two releases, so that the code of the last release works with the tables of the next.

The release that no longer needs a column or a table takes it out of the models with StopUsing. A later release drops it
from the database with DropUnused (docs/decisions/0032-rolling-upgrades.md).
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AlterField, DeleteModel, RemoveField
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class StopUsing(RemoveField):
    """Take a column out of its model. On PostgreSQL the column stays, but rows no longer need a value in it.

    SQLite has a single machine, on which old and new code never run together. There the column is dropped at once.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        field = from_state.models[app_label, self.model_name_lower].fields[self.name].clone()
        field.null = True
        with_optional = from_state.clone()
        change = AlterField(self.model_name, self.name, field)
        change.state_forwards(app_label, with_optional)
        change.database_forwards(app_label, schema_editor, from_state, with_optional)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Stop using {self.name} of {self.model_name}"


class StopUsingTable(DeleteModel):
    """Take a model out of the code. Its table stays in the database."""

    def database_forwards(self, *args: Any) -> None:
        """Change nothing."""

    def database_backwards(self, *args: Any) -> None:
        """Change nothing."""

    def describe(self) -> str:
        return f"Stop using the table of {self.name}"


class DropUnused(Operation):
    """Drop a column, or with no column the table, that the last release did not use any more."""

    reversible = False

    def __init__(self, table: str, column: str = "") -> None:
        self.table, self.column = table, column

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the models know nothing of it any more."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table, column = map(schema_editor.quote_name, (self.table, self.column))
        if not self.column:
            schema_editor.execute(f"DROP TABLE IF EXISTS {table}")
        elif schema_editor.connection.vendor != "sqlite":
            schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS {column}")

    def describe(self) -> str:
        return f"Drop {self.column or 'all columns'} of {self.table}"
