"""The triggers of published tables around a migration."""

import pytest
from django.db import connection

from course.models import Revision
from foundation.revisions import EVENTS, drop_triggers, set_triggers, trigger_name
from quizzes.apps import TABLES
from tests import factories as make

pytestmark = pytest.mark.django_db
NAMES = {trigger_name(table, event) for table in TABLES for event in EVENTS}
FOUND = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def triggers_now():
    with connection.cursor() as cursor:
        cursor.execute(FOUND[connection.vendor])
        return {row[0] for row in cursor.fetchall()} & NAMES


def token_of(course):
    return Revision.objects.get(course=course).token


def test_a_migration_drops_the_triggers_first_because_sqlite_cannot_rename_a_table_that_another_trigger_reads():
    course = make.make_course()
    before = token_of(course)
    drop_triggers(TABLES, using="default", plan=["a migration"])
    assert triggers_now() == set()
    set_triggers(TABLES, using="default", plan=["a migration"])
    assert (triggers_now() == NAMES, token_of(course) == before) == (True, False)


def test_without_a_migration_the_triggers_stay():
    drop_triggers(TABLES, using="default", plan=[])
    assert triggers_now() == NAMES
