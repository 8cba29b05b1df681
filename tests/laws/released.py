"""python -m tests.laws.released VERSION: note the last migration of each app, when a version is released.

The laws of migrations read from the file which tables and columns the last release knows.
"""

import sys
import tomllib
from pathlib import Path

from django.db.migrations.state import ProjectState

from tests.unsquashed import Unsquashed

APPS = ("course", "grading", "labs", "practice", "quizzes")
FILE = Path(__file__).with_name("released.toml")


def releases() -> dict[str, list[tuple[str, str]]]:
    """Return the last migrations of every release, oldest first. A release does not have the apps that came after it."""
    found = tomllib.loads(FILE.read_text())
    return {version: [(app, last[app]) for app in APPS if app in last] for version, last in found.items()}


def revision_of(version: str) -> str:
    """Return what git calls the code of a release: a commit, or its tag."""
    return tomllib.loads(FILE.read_text())[version].get("commit", f"v{version}")


def last_migrations(version: str) -> list[tuple[str, str]]:
    """Return the last migrations of a release, and of the apps that are not ours, which are upgraded separately."""
    graph = Unsquashed(None).graph
    return [*releases()[version], *(leaf for leaf in graph.leaf_nodes() if leaf[0] not in APPS)]


def state_of(version: str) -> ProjectState:
    """Return the models of a release."""
    return Unsquashed(None).project_state(last_migrations(version))


def main(version: str) -> None:
    leaves = Unsquashed(None).graph.leaf_nodes()
    lines = [f'{app} = "{name}"' for app, name in leaves if app in APPS]
    with FILE.open("a") as file:
        file.write("\n".join(("", f'["{version}"]', *lines, "")))


if __name__ == "__main__":
    import django

    django.setup()
    main(sys.argv[1])
