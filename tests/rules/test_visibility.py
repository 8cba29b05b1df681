"""Who sees a course (D28)."""

import pytest

from course.rules.joining import WAYS, way_in_force, way_once_shown
from course.rules.visibility import VISIBILITIES, may_see

NOBODY = {"role": None, "is_superuser": False}
PEOPLE = {
    "a stranger": NOBODY,
    "a learner": NOBODY | {"role": "learner"},
    "an instructor": NOBODY | {"role": "instructor"},
    "a superuser": NOBODY | {"is_superuser": True},
}


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        ("listed", set(PEOPLE)),
        ("private", set(PEOPLE) - {"a stranger"}),
        ("hidden", {"an instructor", "a superuser"}),
        ("unknown", {"an instructor", "a superuser"}),
    ],
)
def test_who_sees_a_course(visibility, seen_by):
    assert {name for name, facts in PEOPLE.items() if may_see(visibility, **facts)} == seen_by


def test_a_private_course_is_open_to_nobody_and_a_hidden_one_is_closed():
    assert {visibility: [way_in_force(way, visibility) for way in WAYS] for visibility in VISIBILITIES} == {
        "listed": ["open", "code", "invitation", "closed"],
        "private": ["invitation", "code", "invitation", "closed"],
        "hidden": ["closed"] * 4,
    }


def test_a_hidden_course_is_joined_as_a_listed_one_once_it_is_shown():
    found = {visibility: [way_once_shown(way, visibility) for way in WAYS] for visibility in VISIBILITIES}
    assert found["hidden"] == found["listed"] == list(WAYS)
    assert found["private"] == [way_in_force(way, "private") for way in WAYS]
