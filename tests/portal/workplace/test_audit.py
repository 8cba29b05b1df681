"""The audit of a course: its own entries, filtered, in pages, never changed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from course.models import AuditEntry
from course.services import record_audit
from tests import factories as make
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher(client, course):
    person = instructor_of(course, username="ines", timezone="Europe/Berlin")
    client.force_login(person)
    return person


def note(course, actor, **fields):
    values = {"action": "edit_text", "now": make.NOW, "target": "file:a.md", "reason": "a typo"}
    return record_audit(actor=actor, course=course, **{**values, **fields})


def found(client, course, **asked):
    page = client.get(reverse("audit", args=[course.slug]), asked)
    return [entry.target for entry in page.context["rows"]]


def test_it_shows_the_courses_own_entries_the_newest_first(client, course, teacher):
    note(course, teacher, target="one")
    note(course, teacher, target="two", now=make.NOW + timedelta(hours=1))
    note(make.make_course(), teacher, target="elsewhere")
    assert found(client, course) == ["two", "one"]


@pytest.mark.parametrize(
    ("asked", "targets"),
    [
        ({"action": "void"}, ["two"]),
        ({"actor": "ine"}, ["one"]),
        ({"words": "wrong key"}, ["two"]),
        ({"words": "ONE"}, ["one"]),
        ({"since": "2026-11-26"}, ["two"]),
        ({"until": "2026-11-24"}, ["one"]),
        ({"since": "2026-11-25", "until": "2026-11-25"}, []),
        ({"since": "no day", "until": "2026-13-45"}, ["two", "one"]),
        ({"since": "0001-01-01", "until": "9999-12-31"}, ["two", "one"]),
        ({"since": "9999-12-31", "until": "0001-01-01"}, []),
    ],
)
def test_it_is_filtered(client, course, teacher, asked, targets):
    note(course, teacher, target="one")
    other = make.make_user(username="omar")
    note(course, other, target="two", action="void", reason="a wrong key", now=make.NOW + timedelta(days=2))
    assert found(client, course, **asked) == targets


def test_a_page_holds_fifty_and_costs_the_same_at_any_length(client, course, teacher):
    costs = []
    for length in (1, 60):
        for number in range(length):
            note(course, teacher, target=f"{number}")
        with counted_statements() as statements:
            rows = found(client, course)
        costs.append(len(statements))
    assert (len(rows), costs[0]) == (50, costs[1])
    assert len(found(client, course, page="2")) == 11


def test_an_entry_is_never_changed_or_removed(course, teacher):
    entry = note(course, teacher)
    for act in (lambda: AuditEntry.objects.update(reason="another"), entry.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_an_empty_log_says_so_and_nothing_is_called_none_in_words(client, course, teacher):
    address = reverse("audit", args=[course.slug])
    assert "Nothing was done in this course yet" in client.get(address).content.decode()
    note(course, teacher, details={"points": None})
    assert "points: none" in client.get(address).content.decode()
