"""Make a new database and print its contents as JSON: python -m tests.foundation.squashing [--unsquashed]

With --unsquashed, the old migrations make it, one after another.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # Django must be set up before its parts are imported
from django.db import connection  # noqa: E402

from tests.unsquashed import migrate_unsquashed  # noqa: E402

RANDOM = re.compile(r"^\\(un)?restrict .*$", re.MULTILINE)  # new versions of pg_dump protect their output by a password

COLUMNS = {"auth_permission": "content_type_id, codename, name"}


def schema() -> list[str]:
    """Return all objects of the database as text."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
            return [normal(sql) if kind == "table" else sql for kind, _name, sql in cursor.fetchall()]
    command = ("pg_dump", "--schema-only", "--no-owner", "--dbname", os.environ["FINALCHECK_DATABASE_URL"])
    dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return RANDOM.sub("", dump).splitlines()


def normal(sql: str) -> str:
    """Write a table's statement with its columns and constraints in alphabetical order.

    SQLite moves a column to the end of its table when a migration changes the column.
    """
    head, inner = sql.removesuffix(")").split("(", 1)
    return "\n".join((head, *sorted(part.strip() for part in split(inner))))


def split(inner: str) -> Iterator[str]:
    """Yield the parts between commas that are in no parentheses and no quotes."""
    depth, quote, start = 0, "", 0
    for place, letter in enumerate(inner):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "," and not depth:
            yield inner[start:place]
            start = place + 1
        else:
            depth += (letter == "(") - (letter == ")")
    yield inner[start:]


def rows() -> dict[str, list[str]]:
    """Return the rows that migrations inserted, by table.

    Permissions are without their ids, which follow the order of the models, and which nothing depends on.
    """
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - {"django_migrations"}):
            columns = COLUMNS.get(table, "*")
            cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(table)}")
            if inserted := sorted(map(repr, cursor.fetchall())):
                found[table] = inserted
    return found


if __name__ == "__main__":
    if sys.argv[1:] == ["--unsquashed"]:
        migrate_unsquashed()
    else:
        call_command("migrate", verbosity=0)
    sys.stdout.write(json.dumps({"schema": schema(), "rows": rows()}))
