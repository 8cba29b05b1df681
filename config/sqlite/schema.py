"""The tables of a new database as one script, because running every migration takes four seconds of the first start.

`migrate` applies what the script does not contain yet. `make schema` writes the script.
"""

import sqlite3
from pathlib import Path

SCRIPT = Path(__file__).with_name("schema.sql")
STATEMENTS = """
    SELECT sql FROM sqlite_master
     WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
     ORDER BY type = 'trigger', type = 'index', CASE type WHEN 'trigger' THEN name END, rowid
"""
APPLIED = "SELECT app, name FROM django_migrations ORDER BY id"
RECORD = "INSERT INTO django_migrations (app, name, applied) VALUES ('{}', '{}', CURRENT_TIMESTAMP)"


def statements_of(database: sqlite3.Connection) -> list[str]:
    """Return the statements that create the tables, indexes and triggers of this database."""
    return [sql for (sql,) in database.execute(STATEMENTS)]


def script_of(database: sqlite3.Connection) -> str:
    """Return a script that creates a database like this one, without rows, and records the same migrations as applied."""
    records = [RECORD.format(app, name) for app, name in database.execute(APPLIED)]
    return "".join(f"{statement};\n" for statement in ("BEGIN", *statements_of(database), *records, "COMMIT"))


def create_tables(database: sqlite3.Connection) -> None:
    """Run the script in an empty database, as a whole or not at all."""
    database.executescript(SCRIPT.read_text())
