"""A program starts an exam, reads its instants, resumes it after a pause, and hands it in."""

import pytest

pytestmark = pytest.mark.django_db


def test_assessments_sitting_starts_an_exam_once(world):
    bob, address = world.client("bob"), f"/api/v1/assessments/{world.ids['exam']}/sitting/"
    first, again = bob.post(address), bob.post(address)
    assert (first.status_code, again.status_code, first.json()["id"]) == (201, 200, again.json()["id"])


def test_sittings_are_their_learners_own_and_not_found_once_they_are_void(staff, world):
    address = f"/api/v1/sittings/{world.ids['sitting_id']}/"
    assert [world.client(role).get(address).status_code for role in ("ada", "bob")] == [200, 404]
    staff("POST", "voids/", {"sitting": world.ids["sitting_id"], "reason": "The power failed."})
    assert world.client("ada").get(address).status_code == 404


def test_sittings_resume_ends_a_pause(staff, world):
    ada, address = world.client("ada"), f"/api/v1/sittings/{world.ids['sitting_id']}/"
    staff("POST", "pauses/", {"sittings": None, "hours": 1, "reason": "The alarm rang."})
    assert ada.get(address).json()["paused_at"] is not None
    assert [ada.post(f"{address}resume/").json()["paused_at"] for _ in range(2)] == [None, None]


def test_sittings_submit_hands_in_once(world):
    ada, address = world.client("ada"), f"/api/v1/sittings/{world.ids['sitting_id']}/submit/"
    first, again = (ada.post(address).json()["submitted_at"] for _ in range(2))
    assert first == again is not None


def test_assessments_rehearsal_starts_a_test_run_once_for_somebody_who_teaches(world):
    """tests/quizzes/api/test_rehearsals.py goes through a whole rehearsal."""
    instructor, address = world.client("instructor"), f"/api/v1/assessments/{world.ids['exam']}/rehearsal/"
    first, again = instructor.post(address), instructor.post(address)
    assert (first.status_code, first.json()["kind"]) == (201, "test_run")
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
