"""The migrations one after another, as installations applied them that are older than the squashed migrations."""

from itertools import chain
from unittest.mock import patch

from django.core.management import call_command
from django.core.management.sql import emit_pre_migrate_signal
from django.db import connection
from django.db.migrations import executor
from django.db.migrations.loader import MigrationLoader


class Unsquashed(MigrationLoader):
    """Every migration except the squashed ones, which Django also leaves out where it finds an app halfway."""

    def build_graph(self) -> None:
        super().build_graph()
        self.replacements = {}  # so that `migrate` records none of them

    def replace_migration(self, migration_key: tuple[str, str]) -> None:
        self.graph.remove_replacement_node(migration_key, self.replacements[migration_key].replaces)


def migrate_unsquashed(*target: str) -> None:
    """Migrate as `manage.py migrate` did before migrations were squashed."""
    with patch.object(executor, "MigrationLoader", Unsquashed):
        call_command("migrate", *target, verbosity=0)


def start_to_migrate_unsquashed(*targets: tuple[str, str]) -> None:
    """Migrate as a program of before the squashed migrations that dies after the targets: no signal says that it is done."""
    started = executor.MigrationExecutor(connection)
    started.loader = Unsquashed(connection)
    steps = started.migration_plan(list(targets))
    emit_pre_migrate_signal(0, False, connection.alias, plan=steps)
    started.migrate(list(targets), plan=steps)


def plan(loader: MigrationLoader, ends: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return these migrations and all that they need, in the order in which they are applied."""
    return list(dict.fromkeys(chain.from_iterable(map(loader.graph.forwards_plan, ends))))
