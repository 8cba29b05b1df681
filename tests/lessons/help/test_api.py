"""Learners ask about lessons and labs, and staff reply."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(world):
    """Ada after her exam, during which nobody asks."""
    client = world.client("ada")
    client.post(f"/api/v1/sittings/{world.ids['sitting_id']}/submit/")
    return client


def test_lessons_help_is_asked_about_a_lesson_and_listed_there(world, ada):
    address = f"/api/v1/lessons/{world.ids['lesson_id']}/help/"
    asked = ada.post(address, {"text": "How?"})
    assert (asked.status_code, asked.json()["about"], asked.json()["text"]) == (201, "lesson", "How?")
    assert [each["text"] for each in ada.get(address).json()["results"]] == ["How?", "Why?"]


def test_labs_help_sends_the_code_of_a_cell_along(world, ada):
    address = f"/api/v1/labs/{world.ids['lab_id']}/help/"
    asked = ada.post(address, {"text": "How?", "cell": "2", "with_code": True})
    assert (asked.status_code, asked.json()["about"], ada.get(address).json()["results"]) == (
        201,
        "lab",
        [asked.json()],
    )


def test_courses_help_lists_what_a_learner_asked(world, ada):
    told = {
        role: world.client(role).get(f"/api/v1/courses/{world.ids['slug']}/help/").json() for role in ("ada", "bob")
    }
    assert [[each["id"] for each in found["results"]] for found in told.values()] == [[world.ids["request_id"]], []]


def test_courses_help_requests_are_open_or_answered(staff, world):
    def listed(show):
        return [each["learner"] for each in staff("GET", f"help-requests/?show={show}")[1]["results"]]

    assert (listed("open"), listed("answered")) == ([world.ids["learner_id"]], [])
    assert staff("GET", "help-requests/?show=all")[0] == 400


def test_courses_help_requests_reply_reaches_the_learner(staff, world, ada):
    status, told = staff("POST", f"help-requests/{world.ids['request_id']}/reply/", {"text": "Because."})
    assert (status, told["answer"]) == (201, "Because.")
    (asked,) = ada.get(f"/api/v1/courses/{world.ids['slug']}/help/").json()["results"]
    assert (asked["answer"], asked["is_on_hold"]) == ("Because.", False)
