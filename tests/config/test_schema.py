"""The script that creates the tables of a new SQLite database (`make schema`)."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.db import connection

from config.sqlite.schema import APPLIED, statements_of
from config.up.programs import ROOT

MAKE = "import django; django.setup(); from config.up.steps import make_database; make_database()"


def contents(database: sqlite3.Connection) -> tuple[set[str], set[tuple[str, str]]]:
    return set(statements_of(database)), set(database.execute(APPLIED))


@pytest.mark.django_db
def test_a_new_database_is_the_one_that_every_migration_makes(tmp_path):
    ours = {"FINALCHECK_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")} | ours
    subprocess.run((sys.executable, "-c", MAKE), cwd=ROOT, env=environ, check=True)
    with closing(sqlite3.connect(tmp_path / "finalcheck.sqlite3")) as database:
        made = contents(database)
    connection.ensure_connection()
    assert made == contents(connection.connection)
