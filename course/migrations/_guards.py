"""Make the database itself refuse changes to records, with SQL for both databases (D18, I2, I4).

SQLite rebuilds a table when a migration alters it, and then drops its triggers. Such a migration must create them
again; a test compares the existing triggers with the tables that need them.

Migrations of every app use it. Never change what it returns: old and squashed migrations must make the same triggers.
"""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple, Protocol


class Connection(Protocol):
    vendor: str


class Editor(Protocol):
    """The part of a migration's schema editor that is used here."""

    connection: Connection

    def execute(self, sql: str) -> object: ...


MESSAGE = "this record is append-only"
GROWS = "a deadline only grows"
UNBOUNDED = "9998-12-31"  # a later instant stands for none, and may be replaced by any


def append_only(vendor: str, table: str) -> list[str]:
    """Return statements after which UPDATE and DELETE on `table` fail with MESSAGE."""
    return [refusal(vendor, table, f"{table}_no_{action.lower()}", action, "", MESSAGE) for action in ACTIONS]


def only_grows(vendor: str, table: str, column: str) -> list[str]:
    """Return statements after which an UPDATE that lowers or empties `column` fails with GROWS, except from UNBOUNDED on."""
    when = f"(NEW.{column} < OLD.{column} AND OLD.{column} < '{UNBOUNDED}') OR (NEW.{column} IS NULL AND OLD.{column} IS NOT NULL)"
    return [refusal(vendor, table, f"{table}_{column}_grows", "UPDATE", when, GROWS)]


class Erasable(NamedTuple):
    """What erasing a person may change in a table of records (D18).

    `kept` lists the columns that never change. `blanks` maps each of the others to the SQL literal that it must become,
    or to None if it may become anything. `open_if` is an SQL condition on OLD that holds only while a person is erased.
    """

    kept: tuple[str, ...]
    blanks: Mapping[str, str | None]
    open_if: str


def append_only_but_erasable(vendor: str, table: str, allowed: Erasable) -> str:
    """Return a statement after which UPDATE on `table` fails with MESSAGE, unless it only blanks what `allowed` says."""
    same = "IS" if vendor == "sqlite" else "IS NOT DISTINCT FROM"
    conditions = [f'NEW."{column}" {same} OLD."{column}"' for column in allowed.kept]
    conditions += [f'NEW."{column}" = {blank}' for column, blank in allowed.blanks.items() if blank is not None]
    is_erasure = " AND ".join([allowed.open_if, *conditions])
    name = f"{table}_no_update"
    if vendor == "sqlite":
        return refusal(vendor, table, name, "UPDATE", f"NOT ({is_erasure})", MESSAGE)
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {is_erasure} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$; "
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def let_erase(tables: Mapping[str, Erasable]) -> tuple[partial[None], partial[None]]:
    """Return (forwards, backwards) of a migration that lets an erasure blank these columns of guarded tables."""
    return partial(set_erasable, tables), partial(drop_erasable, tuple(tables))


def set_erasable(tables: Mapping[str, Erasable], apps: object, schema_editor: Editor) -> None:
    vendor = schema_editor.connection.vendor
    for table, allowed in tables.items():
        schema_editor.execute(removal(vendor, table, f"{table}_no_update"))
        schema_editor.execute(append_only_but_erasable(vendor, table, allowed))


def drop_erasable(tables: tuple[str, ...], apps: object, schema_editor: Editor) -> None:
    vendor = schema_editor.connection.vendor
    for table in tables:
        name = f"{table}_no_update"
        schema_editor.execute(removal(vendor, table, name))
        schema_editor.execute(refusal(vendor, table, name, "UPDATE", "", MESSAGE))


ACTIONS = ("UPDATE", "DELETE")


def refusal(vendor: str, table: str, name: str, action: str, when: str, message: str) -> str:
    condition = f" WHEN ({when})" if when else ""
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {name} BEFORE {action} ON {table}{condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$; "
        f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW{condition} EXECUTE FUNCTION {name}()"
    )


def removal(vendor: str, table: str, name: str) -> str:
    """Return the reverse of a guard, for migrations that go back."""
    if vendor == "sqlite":
        return f"DROP TRIGGER IF EXISTS {name}"
    return f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}()"


def guard(append_only: list[str], grows: tuple[tuple[str, str], ...] = ()) -> tuple[partial[None], partial[None]]:
    """Return (forwards, backwards) of a migration that guards tables; `grows` names (table, column) pairs."""
    return partial(set_guards, append_only, grows), partial(drop_guards, append_only, grows)


def set_guards(
    tables: list[str],
    grows: tuple[tuple[str, str], ...],
    apps: object,
    schema_editor: Editor,
) -> None:
    vendor = schema_editor.connection.vendor
    for table in tables:
        for statement in append_only(vendor, table):
            schema_editor.execute(statement)
    for table, column in grows:
        for statement in only_grows(vendor, table, column):
            schema_editor.execute(statement)


def drop_guards(
    tables: list[str],
    grows: tuple[tuple[str, str], ...],
    apps: object,
    schema_editor: Editor,
) -> None:
    vendor = schema_editor.connection.vendor
    for table in tables:
        for action in ACTIONS:
            schema_editor.execute(removal(vendor, table, f"{table}_no_{action.lower()}"))
    for table, column in grows:
        schema_editor.execute(removal(vendor, table, f"{table}_{column}_grows"))
