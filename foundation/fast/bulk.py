"""Insert millions of rows in minutes. Constraints and triggers apply as to every other row."""

from collections.abc import Callable, Iterable, Sequence

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model

from foundation.fast.prepared import saved_values, stored_columns


def insert_copies[M: Model](
    rows: Sequence[M], replaced: Sequence[str], values: Callable[[M], Iterable[tuple[object, ...]]]
) -> None:
    """Insert copies of rows of one model, all copies of the first row first.

    `values` returns a tuple for each copy of a row: its values of the fields `replaced`. The other fields are copied,
    except a numbered key, which every copy gets anew.
    """
    if not rows:
        return
    meta = rows[0]._meta
    kept = [field for field in meta.concrete_fields if field.name not in replaced and field is not meta.auto_field]
    columns = [meta.get_field(name).column for name in replaced] + [field.column for field in kept]
    others, database = stored_columns(kept), connections[DEFAULT_DB_ALIAS]
    copies = ((*new, *old) for row in rows for old in [saved_values(others, row, database)] for new in values(row))
    insert(meta.db_table, columns, copies)


def insert(table: str, columns: Sequence[str], lines: Iterable[tuple[object, ...]]) -> None:
    """Insert lines of values as the database stores them: by COPY on PostgreSQL, by one repeated statement on SQLite."""
    names = ", ".join(map(connection.ops.quote_name, columns))
    into = f"{connection.ops.quote_name(table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for line in lines:
                    copy.write_row(line)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", lines)  # noqa: S608  # names of a model only
