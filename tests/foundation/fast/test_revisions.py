"""The triggers of published tables around a migration."""

import pytest
from django.db import connection

from course.models import Revision
from foundation.fast.revisions import drop_triggers, names_for, names_in, set_triggers
from quizzes.apps import TABLES
from tests import factories as make

pytestmark = pytest.mark.django_db
NAMES = names_for(TABLES)


def triggers_now():
    return names_in(connection) & NAMES


def token_of(course):
    return Revision.objects.get(course=course).token


def test_a_migration_drops_the_triggers_first_because_sqlite_cannot_rename_a_table_that_another_trigger_reads():
    course = make.make_course()
    before = token_of(course)
    drop_triggers(TABLES, using="default", plan=["a migration"])
    assert triggers_now() == set()
    set_triggers(TABLES, using="default", plan=["a migration"])
    assert (triggers_now() == NAMES, token_of(course) == before) == (True, False)


def test_a_migration_that_was_cut_off_before_its_triggers_were_created_is_completed_by_the_next():
    drop_triggers(TABLES, using="default", plan=["a migration"])
    set_triggers(TABLES, using="default", plan=[])
    assert triggers_now() == NAMES


def test_without_a_migration_the_triggers_stay():
    drop_triggers(TABLES, using="default", plan=[])
    assert triggers_now() == NAMES


if connection.vendor == "postgresql":  # on SQLite, nobody works during a migration

    def test_a_migration_does_not_keep_requests_waiting_for_long_behind_a_locked_table():
        drop_triggers(TABLES, using="default", plan=["a migration"])
        during = lock_timeout()
        set_triggers(TABLES, using="default", plan=["a migration"])
        assert (during, lock_timeout()) == ("2s", "15s")

    def lock_timeout():
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return cursor.fetchone()[0]
