"""Columns of numbers that a release makes wider, in two steps, so that machines of the last release go on working.

Each connection of a running program keeps prepared queries. PostgreSQL refuses such a query once one of its columns has
another type ("cached plan must not change result type"), and the last release then answers with an error. So WidenLater
leaves a column as it is while other programs use the database. `prepare`, which runs when all machines are new, calls
`widen_columns`. Queries of today's code do not mind, because WideNumber casts what they read. Until then, a column holds
as many digits as the last release writes.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, migrations, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from foundation.fast.revisions import LONGEST_LOCK

IN_USE = """
SELECT EXISTS (SELECT 1 FROM ROWS) AND EXISTS (
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
)
"""
DIGITS = """
SELECT numeric_precision, numeric_scale FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = %s AND column_name = %s
"""


class WideNumber(models.DecimalField):
    """A number whose column the last release knows as a narrower one. What is read has this field's digits in any case."""

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        if compiler.connection.vendor != "postgresql":
            return sql, params
        return f"({sql})::{self.digits}", params

    @property
    def digits(self) -> str:
        """Return the column's type on PostgreSQL."""
        return f"numeric({self.max_digits}, {self.decimal_places})"

    def deconstruct(self) -> Any:
        name, _, positional, named = super().deconstruct()
        return name, "django.db.models.DecimalField", positional, named


class WidenLater(migrations.AlterField):
    """Widen a column at once if nobody minds: on SQLite, in an empty table, or if no other program uses the database."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        state = from_state.models[app_label, self.model_name_lower]
        table = state.options.get("db_table") or f"{app_label}_{state.name_lower}"
        if not is_in_use(schema_editor.connection, table):
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def is_in_use(database: BaseDatabaseWrapper, table: str) -> bool:
    """Return whether a table on PostgreSQL has rows, and another program is connected to the database."""
    if database.vendor != "postgresql":
        return False
    with database.cursor() as cursor:
        cursor.execute(IN_USE.replace("ROWS", database.ops.quote_name(table)))
        return bool(cursor.fetchone()[0])


def widen_columns() -> None:
    """Widen each column that a migration has left as it was. Raises OperationalError while a table is locked."""
    if connection.vendor != "postgresql":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for table, field in narrow_columns():
            cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST_LOCK}'")
            cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{field.column}" TYPE {field.digits}')


def narrow_columns() -> Iterator[tuple[str, WideNumber]]:
    """Yield each WideNumber whose column on PostgreSQL is narrower, with its table."""
    for model in apps.get_models() if connection.vendor == "postgresql" else ():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, WideNumber) and digits_of(model._meta.db_table, field.column) != field.digits:
                yield model._meta.db_table, field


def digits_of(table: str, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(DIGITS, [table, column])
        return "numeric({}, {})".format(*cursor.fetchone())
