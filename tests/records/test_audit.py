"""The audit: what is recorded is found again, and nothing changes it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from records.models import AuditEntry
from records.selectors import AuditSearch, audit_actions, audit_entries, entries_after, was_recorded
from records.services import record_audit
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def actor():
    return make.make_user(username="ines")


@pytest.fixture
def entries(course, actor):
    """Three entries of the course, the oldest first, and one of another course."""
    record_audit(actor=actor, action="regrade", now=NOW, course=make.make_course(slug="other"), reason="of the other")
    return [
        record_audit(actor=actor, action=action, now=NOW + timedelta(hours=hour), course=course, **details)
        for hour, (action, details) in enumerate(
            [
                ("regrade", {"reason": "A wrong key", "details": {"assessment": "a1"}}),
                ("extend_dates", {"target": "user:7"}),
                ("regrade", {"details": {"lab": "l1"}}),
            ]
        )
    ]


@pytest.mark.parametrize(
    ("search", "places"),
    [
        pytest.param({}, [2, 1, 0], id="everything, newest first"),
        pytest.param({"action": "regrade"}, [2, 0], id="an action"),
        pytest.param({"actor": "INES"}, [2, 1, 0], id="a name of who acted"),
        pytest.param({"actor": "nobody"}, [], id="a name of nobody"),
        pytest.param({"words": "wrong KEY"}, [0], id="words of a reason"),
        pytest.param({"words": "user:7"}, [1], id="a target"),
        pytest.param({"words": "iris", "activities": ["l1"]}, [2], id="an activity with these words in its name"),
        pytest.param({"words": "ada", "targets": [["user:7"]]}, [1], id="a person with these words in their name"),
        pytest.param({"since": NOW + timedelta(hours=1)}, [2, 1], id="since an instant, which is included"),
        pytest.param({"until": NOW + timedelta(hours=1)}, [0], id="until an instant, which is not"),
    ],
)
def test_a_search_finds_the_entries_of_the_course(course, entries, search, places):
    assert list(audit_entries(course.pk, AuditSearch(**search))) == [entries[place] for place in places]


def test_the_next_page_begins_after_the_last_entry(course, entries):
    rows = audit_entries(course.pk, AuditSearch())
    assert list(entries_after(rows, entries[2])) == [entries[1], entries[0]]
    assert list(entries_after(rows, None)) == list(rows)


def test_each_action_of_the_course_is_listed_once(course, entries):
    assert audit_actions(course.pk) == ["extend_dates", "regrade"]


def test_an_entry_is_recognized_by_all_that_it_says(course, entries, actor):
    regrade = {"actor_id": actor.pk, "course_id": course.pk, "action": "regrade", "target": "", "since": NOW}
    assert was_recorded(**regrade, lab="l1")
    assert not was_recorded(**regrade, lab="l2")
    assert not was_recorded(**regrade, assessment="a1")  # not after `since`
    assert not was_recorded(**{**regrade, "actor_id": make.make_user().pk}, lab="l1")


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_an_entry(entries, change):
    rows = AuditEntry.objects.filter(pk=entries[0].pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(action="nothing") if change == "update" else rows.delete()
    assert rows.get().action == "regrade"
