"""The squashed migrations make the same database as those that they replace, also where some of these have run."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from operations.services.diagnosing import migrations_applied
from tests.laws.released import APPS
from tests.migrated import run_on
from tests.rounds import second_round
from tests.unsquashed import Unsquashed, plan

SQUASHED = {key: migration for key, migration in MigrationLoader(None).disk_migrations.items() if migration.replaces}
REPLACED = {key for migration in SQUASHED.values() for key in migration.replaces}


def everything(loader: MigrationLoader) -> list[tuple[str, str]]:
    """Return all migrations in the order in which a new database gets them."""
    return plan(loader, loader.graph.leaf_nodes())


CHAIN = everything(Unsquashed(None))
# each place between two migrations that were squashed
HALFWAY = [place for place in range(1, len(CHAIN)) if CHAIN[place - 1] in REPLACED and set(CHAIN[place:]) & REPLACED]


def note_as_applied(keys):
    recorder = MigrationRecorder(connection)
    recorder.flush()
    for key in keys:
        recorder.record_applied(*key)


def still_to_do():
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    leaves = executor.loader.graph.leaf_nodes()
    return [(each.app_label, each.name) for each, _ in executor.migration_plan(leaves)]


@second_round
def test_the_squashed_migrations_make_the_database_of_those_that_they_replace(empty_database, another_empty_database):
    module = "tests.foundation.squashing"
    new = json.loads(run_on(empty_database, module))
    old = json.loads(run_on(another_empty_database, module, "--unsquashed"))
    assert set(new["rows"]) >= {"auth_permission", "django_content_type"}
    assert new["rows"] == old["rows"]
    assert new["schema"] == old["schema"]


def test_a_new_database_needs_none_of_the_replaced_migrations():
    needed = set(everything(MigrationLoader(None)))
    assert needed >= set(SQUASHED)
    assert {app for app, _ in SQUASHED} == set(APPS) - {"practice"}  # it came later
    assert needed & REPLACED == set()


def test_a_squashed_migration_replaces_every_migration_before_it():
    for (app, name), migration in SQUASHED.items():
        last = migration.replaces[-1][1]
        assert name == f"0001_squashed_{last}"
        older = sorted(key for key in Unsquashed(None).graph.nodes if key[0] == app and key[1] <= last)
        assert migration.replaces == older


@pytest.mark.django_db
@pytest.mark.parametrize("place", HALFWAY)
def test_a_database_that_is_halfway_gets_the_rest(place):
    note_as_applied(CHAIN[:place])
    rest = still_to_do()
    done = {*CHAIN[:place], *rest}
    for key in rest:
        if key in SQUASHED:
            done.update(SQUASHED[key].replaces)
    assert done == {*CHAIN, *(key for key in rest if key in SQUASHED)}
    assert not {app for app, name in rest if (app, name) in SQUASHED} & {app for app, _ in REPLACED & {*CHAIN[:place]}}


class WithLater(MigrationLoader):
    """With one more migration of each app, which was written before the squashed ones and follows the old leaf."""

    def load_disk(self):
        super().load_disk()
        for (app, _), squashed in SQUASHED.items():
            later = Migration("9999_later", app)
            later.dependencies = [squashed.replaces[-1]]
            self.disk_migrations[app, later.name] = later


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, HALFWAY[0], HALFWAY[len(HALFWAY) // 2], HALFWAY[-1], len(CHAIN)])
def test_a_migration_that_follows_an_old_leaf_follows_the_squashed_one_where_that_is_used(place):
    applied = set(CHAIN[:place])
    note_as_applied(applied)
    graph = WithLater(connection).graph
    for (app, name), squashed in SQUASHED.items():
        is_halfway = 0 < len(applied & set(squashed.replaces)) < len(squashed.replaces)
        wanted = squashed.replaces[-1] if is_halfway else (app, name)
        assert [node.key for node in graph.node_map[app, "9999_later"].parents] == [wanted]


@pytest.mark.django_db
def test_an_installation_that_has_all_of_them_only_notes_the_squashed_ones():
    note_as_applied(CHAIN)
    assert still_to_do() == []
    assert [finding.says for finding in migrations_applied()] == ["Every migration is applied."]
    call_command("migrate", verbosity=0)
    assert set(MigrationRecorder(connection).applied_migrations()) == {*CHAIN, *SQUASHED}


@pytest.mark.django_db
def test_the_last_release_sees_nothing_to_do_in_a_new_database():
    """It may go on beside the new version, and knows none of the squashed migrations."""
    loader = Unsquashed(connection)
    loader.check_consistent_history(connection)
    assert [key for key in everything(loader) if key not in loader.applied_migrations] == []
    assert set(SQUASHED) <= set(MigrationRecorder(connection).applied_migrations())
