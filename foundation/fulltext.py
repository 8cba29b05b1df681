"""Full-text search by the database: FTS5 on SQLite, a generated tsvector column with a GIN index on PostgreSQL.

A table takes part with two columns of words, `heading` and `body`. The words are folded before they are stored, so
neither database applies rules of a language. What is created here follows every change of the table by itself. It is
created after every migration, because SQLite drops a table's triggers when a migration rebuilds the table.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django.db import connection, connections
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

HEADING_WEIGHT = 8  # of a word in the heading, compared with one in the body


class Phrase(Protocol):
    """Words that follow each other; with `is_prefix`, the last word may be cut short."""

    @property
    def words(self) -> Sequence[str]: ...
    @property
    def is_prefix(self) -> bool: ...


def set_fulltext(table: str, **migrated: Any) -> None:
    """Create the index of `table` if it is missing, and its triggers again. A receiver of post_migrate."""
    if not migrated.get("plan"):
        return
    database = connections[migrated["using"]]
    if table not in database.introspection.table_names():
        return
    with database.cursor() as cursor:
        for statement in statements(database.vendor, table):
            cursor.execute(statement)


def statements(vendor: str, table: str) -> list[str]:
    """Return what creates the index of a table, and can be repeated."""
    if vendor != "sqlite":
        vector = (
            "setweight(to_tsvector('simple'::regconfig, heading), 'A') || "
            "setweight(to_tsvector('simple'::regconfig, body), 'D')"
        )
        return [
            f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS lexemes tsvector GENERATED ALWAYS AS ({vector}) STORED",
            f"CREATE INDEX IF NOT EXISTS {table}_lexemes ON {table} USING gin (lexemes)",
        ]
    index = f"{table}_index"
    old = f"INSERT INTO {index}({index}, rowid, heading, body) VALUES ('delete', OLD.id, OLD.heading, OLD.body)"  # noqa: S608  # names of a model only
    new = f"INSERT INTO {index}(rowid, heading, body) VALUES (NEW.id, NEW.heading, NEW.body)"  # noqa: S608  # the same
    bodies = {"INSERT": new, "DELETE": old, "UPDATE": f"{old}; {new}"}
    triggers = [
        statement
        for event, body in bodies.items()
        for statement in (
            f"DROP TRIGGER IF EXISTS {index}_{event.lower()}",
            f"CREATE TRIGGER {index}_{event.lower()} AFTER {event} ON {table} BEGIN {body}; END",
        )
    ]
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5("
        f"heading, body, content='{table}', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
        *triggers,
        f"INSERT INTO {index}({index}) VALUES ('rebuild')",  # noqa: S608  # the same
    ]


def ranked[M: Model](rows: QuerySet[M], terms: Iterable[Phrase]) -> QuerySet[M]:
    """Return the rows that contain every term, best first. The words must be folded: letters and digits only."""
    table = rows.model._meta.db_table
    if connection.vendor == "sqlite":
        index = f"{table}_index"
        query = " AND ".join(f'"{" ".join(term.words)}"{"*" if term.is_prefix else ""}' for term in terms)
        matches = rows.extra(tables=[index], where=[f"{index} MATCH %s", f"{index}.rowid = {table}.id"], params=[query])  # noqa: S610  # names of this module
        return matches.order_by(RawSQL(f"bm25({index}, %s, 1)", [HEADING_WEIGHT]), "pk")  # noqa: S611  # the same
    query = " & ".join(
        " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.is_prefix else "") for term in terms
    )
    weights = f"{{{1 / HEADING_WEIGHT}, 0, 0, 1}}"
    matches = rows.extra(where=[f"{table}.lexemes @@ %s::tsquery"], params=[query])  # noqa: S610  # the same
    return matches.order_by(RawSQL(f"-ts_rank(%s::real[], {table}.lexemes, %s::tsquery, 1)", [weights, query]), "pk")  # noqa: S611  # the same
