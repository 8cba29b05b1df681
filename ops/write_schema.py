"""Write config/sqlite/schema.sql from a database that every migration has made. See `make schema`."""

import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

with tempfile.TemporaryDirectory() as folder:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "FINALCHECK_DATA": folder,
        "FINALCHECK_DATABASE_URL": "",
    }

    import django
    from django.core.management import call_command

    from config.sqlite.schema import SCRIPT, script_of

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    with closing(sqlite3.connect(Path(folder, "finalcheck.sqlite3"))) as database:
        SCRIPT.write_text(script_of(database))
