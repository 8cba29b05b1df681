"""Packages that only some processes use are loaded when they are first used."""

import subprocess
import sys

LOOK = """
import sys
from foundation.fast.lazy import lazily

package = lazily("sqlite3.dump")
was_loaded = "_quote_name" in object.__getattribute__(package, "__dict__")
import sqlite3.dump
print(was_loaded, callable(package._iterdump), lazily("sqlite3.dump") is package, sqlite3.dump is package)
"""


def test_a_package_is_loaded_when_it_is_first_used():
    found = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True", "True", "True"]


HIDE = """
import sys
from foundation.fast.lazy import hidden_modules

with hidden_modules("sqlite3.dump"):
    try:
        import sqlite3.dump
    except ImportError:
        print("hidden")
import sqlite3.dump
print("found")
"""


def test_a_hidden_package_is_missing_only_where_it_is_hidden():
    found = subprocess.run([sys.executable, "-c", HIDE], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["hidden", "found"]
