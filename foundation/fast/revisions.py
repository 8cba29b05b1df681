"""Triggers that give a course a new revision whenever one of its published rows changes, with SQL for both databases.

Triggers cannot be forgotten: a load, the text editor, a regrade, the admin and a hand-written UPDATE all count. A
revision is a random text and not a number, so it never recurs, not even after a restore.

The triggers are dropped before every migration and created after it. When a migration rebuilds a table, SQLite drops
the table's own triggers, and it refuses to rename the new table while a trigger of another table reads the old one.

On PostgreSQL, a migration waits at most LONGEST_LOCK for a table, because every request that needs the table waits behind
it. If a long transaction is in the way, such as a backup, the migration fails and can be repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate

REVISIONS = "course_revision"
FRESH = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "replace(gen_random_uuid()::text, '-', '')"}
EVENTS = ("INSERT", "UPDATE", "DELETE")
LONGEST_LOCK = "2s"
NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@dataclass(frozen=True)
class Published:
    """A table of published content. `course` is SQL for the id of a row's course, with ROW as the row's name.

    An UPDATE counts if it names one of `columns`, or with no `columns` any. `is_course` marks the table of courses
    itself, where an INSERT creates the first revision.
    """

    course: str
    columns: tuple[str, ...] = ()
    is_course: bool = False


def keep_triggers(tables: Mapping[str, Published], app: AppConfig) -> None:
    """Let each migration drop the triggers of an app's tables first, and create them again at the end."""
    for signal, receiver in ((pre_migrate, drop_triggers), (post_migrate, set_triggers)):
        uid = f"{app.label} {receiver.__name__}"
        signal.connect(partial(receiver, tables), sender=app, weak=False, dispatch_uid=uid)


def drop_triggers(tables: Mapping[str, Published], **migrating: Any) -> None:
    """Drop the triggers of `tables`. A receiver of pre_migrate, which sends `migrating`."""
    if not migrating.get("plan"):
        return  # nothing is migrated, so nothing would create them again
    connection = connections[migrating["using"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET lock_timeout = '{LONGEST_LOCK}'")
        for table in set(connection.introspection.table_names(cursor)) & set(tables):
            for event in EVENTS:
                cursor.execute(trigger_removal(connection.vendor, table, event))


def set_triggers(tables: Mapping[str, Published], **migrated: Any) -> None:
    """Create the triggers of `tables` again. A receiver of post_migrate, which sends `migrated`.

    Every course gets a new revision, because the migrations may have changed what is published. The triggers are also
    created if nothing was migrated but one is missing, because the last migration was cut off before its end.
    """
    connection = connections[migrated["using"]]
    if not migrated.get("plan") and names_for(tables) <= names_in(connection):
        return
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in existing & set(tables):
            for event in EVENTS:
                cursor.execute(trigger_removal(connection.vendor, table, event))
                statement = trigger(connection.vendor, table, event, tables[table])
                if REVISIONS in existing and statement:
                    cursor.execute(statement)
        if REVISIONS in existing:
            cursor.execute("UPDATE course_revision SET token = FRESH".replace("FRESH", FRESH[connection.vendor]))
        if connection.vendor == "postgresql":
            cursor.execute("RESET lock_timeout")


def trigger(vendor: str, table: str, event: str, published: Published) -> str:
    """Return the statement that makes `event` on `table` change the revision, "" if the event does not apply."""
    if event == "DELETE" and published.is_course:
        return ""
    name, body = trigger_name(table, event), _body(vendor, event, published)
    when = f"{event} OF {', '.join(published.columns)}" if event == "UPDATE" and published.columns else event
    if vendor == "sqlite":
        return f"CREATE TRIGGER {name} AFTER {when} ON {table} BEGIN {body}; END"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$; "
        f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def trigger_removal(vendor: str, table: str, event: str) -> str:
    """Return the statement that drops a trigger."""
    name = trigger_name(table, event)
    if vendor == "sqlite":
        return f"DROP TRIGGER IF EXISTS {name}"
    return f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}()"


def names_for(tables: Mapping[str, Published]) -> set[str]:
    """Return the names of the triggers that these tables need."""
    return {
        trigger_name(table, event)
        for table, published in tables.items()
        for event in EVENTS
        if trigger("sqlite", table, event, published)
    }


def names_in(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the names of the triggers in the database."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def trigger_name(table: str, event: str) -> str:
    return f"{table}_published_{event.lower()}"


def _body(vendor: str, event: str, published: Published) -> str:
    is_first = event == "INSERT" and published.is_course
    template = (
        "INSERT INTO course_revision (course_id, token) VALUES ((COURSE), FRESH)"
        if is_first
        else "UPDATE course_revision SET token = FRESH WHERE course_id = (COURSE)"
    )
    course = published.course.replace("ROW", "OLD" if event == "DELETE" else "NEW")
    return template.replace("COURSE", course).replace("FRESH", FRESH[vendor])
