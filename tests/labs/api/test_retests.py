"""Staff run stored test runs of a lab again, and let the results count."""

import pytest

from tests.labs.making import make_lab

pytestmark = pytest.mark.django_db


def test_courses_retests_run_the_stored_runs_of_a_lab_again(staff, world):
    status, made = staff("POST", "retests/", {"lab": world.ids["lab_id"]})
    assert (status, made["lab"], made["finished_at"]) == (201, world.ids["lab_id"], None)
    assert staff("GET", f"retests/{made['id']}/")[1] == made


def test_courses_retests_cancel_ends_one_early_and_never_changes_one_that_has_ended(staff, world):
    made = staff("POST", "retests/", {"lab": world.ids["lab_id"]})[1]
    ended = [staff("POST", f"retests/{made['id']}/cancel/")[1] for _ in range(2)]
    assert ended[0] == ended[1] != made


def test_courses_labs_failures_count_learners_by_message(staff, world):
    told = staff("GET", f"labs/{world.ids['lab_id']}/failures/")[1]
    assert [(each["name"], each["tested"], each["failing"]) for each in told["tests"]] == [("Doubles", 1, 1)]
    assert staff("GET", f"labs/{make_lab().pk}/failures/")[0] == 404


def test_courses_lab_regrades_do_what_their_dry_run_showed_or_nothing(staff, world):
    what = {"retest": world.ids["retest_id"], "reason": "The test was wrong."}
    expected = staff("POST", "lab-regrades/", {**what, "dry_run": True})[1]["expected"]
    assert staff("POST", "lab-regrades/", {**what, "expected": "another"})[1]["code"] == "preview_stale"
    status, done = staff("POST", "lab-regrades/", {**what, "expected": expected})
    assert (status, staff("GET", "lab-regrades/")[1]["results"][0]) == (201, done)


def test_courses_lab_regrades_undo_is_a_further_record(staff, world):
    address = f"lab-regrades/{world.ids['lab_regrade_id']}/undo/"
    expected = staff("POST", address, {"dry_run": True})[1]["expected"]
    status, done = staff("POST", address, {"reason": "It was right.", "expected": expected})
    assert (status, done["undoes"]) == (201, world.ids["lab_regrade_id"])
