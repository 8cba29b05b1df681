"""The next release: a copy of this checkout with a new column of the table that is written most, and its migration."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.rig.servers import PROJECT

LEFT_OUT = shutil.ignore_patterns(".*", "var", "build", "tests", "docs", "__pycache__")
MODELS = "labs/models.py"
BEFORE = '    trace = models.CharField(max_length=55, blank=True, default="", db_default="")\n'
COLUMN = '    written_by = models.CharField(max_length=8, default="new", db_default="old")\n'
COUNTED = """
import json, sys
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT written_by, count(*) FROM labs_run WHERE created_at > %s GROUP BY written_by", sys.argv[1:])
    print(json.dumps(dict(cursor.fetchall())))
"""


def make_next_release(folder: Path, environ: Mapping[str, str]) -> Path:
    shutil.copytree(PROJECT, folder, ignore=LEFT_OUT)
    models = folder / MODELS
    text = models.read_text()
    if text.count(BEFORE) != 1:
        sys.exit(f"{MODELS} does not have the line after which the next release adds a column.")
    models.write_text(text.replace(BEFORE, BEFORE + COLUMN))
    command = (sys.executable, "manage.py", "makemigrations", "labs", "--name", "next_release", "--verbosity", "0")
    subprocess.run(command, cwd=folder, env=dict(environ), check=True)
    return folder
