"""The script that creates the tables of a new SQLite database (`make schema`)."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from config.sqlite.schema import APPLIED, statements_of
from config.up.programs import ROOT
from tests.rounds import second_round

pytestmark = second_round

SET_UP = "import django; django.setup(); "
OURS = f"{SET_UP}from config.up.steps import make_database; make_database()"
MIGRATED = f"{SET_UP}from django.core.management import call_command; call_command('migrate', verbosity=0)"


def contents_made_by(program: str, folder: Path, **more: str) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the tables, indexes, triggers and applied migrations of the database that this program makes in a new folder."""
    folder.mkdir()
    ours = {"FINALCHECK_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")} | ours | more
    subprocess.run((sys.executable, "-c", program), cwd=ROOT, env=environ, check=True)
    with closing(sqlite3.connect(folder / "finalcheck.sqlite3")) as database:
        return set(statements_of(database)), set(database.execute(APPLIED))


def test_a_new_database_is_the_one_that_every_migration_makes(tmp_path):
    migrated = contents_made_by(MIGRATED, tmp_path / "migrated")
    assert contents_made_by(OURS, tmp_path / "new") == migrated
    assert contents_made_by(OURS, tmp_path / "without", FINALCHECK_FAST="none") == migrated
