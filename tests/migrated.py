"""Run a program on an empty database, for tests of migrations, which cannot share the tests' database."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run_on(database: str, module: str, *arguments: str) -> str:
    """Return what `python -m module` prints; `database` is the address of its database."""
    with tempfile.TemporaryDirectory() as data:
        variables = {"FINALCHECK_DATABASE_URL": database, "FINALCHECK_DATA": data}
        variables["DJANGO_SETTINGS_MODULE"] = "config.settings"
        command = (sys.executable, "-m", module, *arguments)
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
