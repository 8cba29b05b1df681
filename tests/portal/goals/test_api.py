"""A learner's weekly goal."""

import pytest

pytestmark = pytest.mark.django_db


def test_courses_goal_is_set_read_and_removed(world):
    ada, address = world.client("ada"), f"/api/v1/courses/{world.ids['slug']}/goal/"
    goal = {"unit": "days", "amount": 3, "reminder": {"day": 5, "hour": 17}}
    told = ada.put(address, goal).json()
    assert (told["goal"], told["is_reached"], ada.get(address).json()) == (goal, False, told)
    assert (ada.delete(address).status_code, ada.get(address).json()["goal"]) == (204, None)
