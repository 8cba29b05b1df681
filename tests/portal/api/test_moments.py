"""Times of the API: each says its zone, whatever the zone of the account is."""

import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(world):
    person = world.people["instructor"]
    User.objects.filter(pk=person.pk).update(timezone="Europe/Berlin")
    return world.client("instructor")


@pytest.fixture
def later(world):
    """Return what gives a learner a later closing at this time."""
    said = {"learner": str(world.people["ada"].pk), "activity": world.ids["assessment_id"], "reason": "ill"}
    return lambda at: {**said, "due_at": None, "closes_at": at}


@pytest.mark.parametrize(
    "at", ["2099-06-01T21:59:00Z", "2099-06-01T23:59:00+02:00", "2099-06-01T21:59Z", "2099-06-01 21:59:00+00:00"]
)
def test_a_time_is_stored_and_told_in_utc(teacher, world, later, at):
    address = f"/api/v1/courses/{world.ids['slug']}/date-extensions/"
    told = teacher.post(address, later(at))
    assert (told.status_code, told.json()["closes_at"]) == (201, "2099-06-01T21:59:00Z")


@pytest.mark.parametrize("at", ["2099-06-01T21:59:00", "2099-06-01 21:59", "2099-06-01"])
def test_a_time_without_a_zone_is_refused(teacher, world, later, at):
    address = f"/api/v1/courses/{world.ids['slug']}/date-extensions/"
    told = teacher.post(address, later(at))
    assert (told.status_code, told.json()["code"]) == (400, "invalid_request")
    assert [(each["field"]) for each in told.json()["errors"]] == ["closes_at"]
