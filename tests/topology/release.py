"""The next release: a copy of this checkout with a new column of the table that is written most, and its migration. Its
workers and runners speak the next version of their protocol.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.rig.servers import PROJECT
from labs.runner.protocol import PROTOCOL

LEFT_OUT = shutil.ignore_patterns(".*", "var", "build", "tests", "docs", "__pycache__")
MODELS = "labs/models.py"
BEFORE = '    trace = models.CharField(max_length=55, blank=True, default="", db_default="")\n'
COLUMN = '    written_by = models.CharField(max_length=8, default="new", db_default="old")\n'
RUNNER = "labs/runner/protocol.py"
NEXT_PROTOCOL = PROTOCOL + 1
SPEAKS, WILL_SPEAK = (f"PROTOCOL, FIRST_PROTOCOL, MOST_APART = {number}, " for number in (PROTOCOL, NEXT_PROTOCOL))
SPOKEN = """
import django; django.setup()
from labs.models import RunnerHost
print(*(row.status["protocol"] for row in RunnerHost.objects.order_by("name")))
"""
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
    for name, old, new in ((MODELS, BEFORE, BEFORE + COLUMN), (RUNNER, SPEAKS, WILL_SPEAK)):
        text = (folder / name).read_text()
        if text.count(old) != 1:
            sys.exit(f"{name} does not have the line that the next release changes: {old}")
        (folder / name).write_text(text.replace(old, new))
    command = (sys.executable, "manage.py", "makemigrations", "labs", "--name", "next_release", "--verbosity", "0")
    subprocess.run(command, cwd=folder, env=dict(environ), check=True)
    return folder
