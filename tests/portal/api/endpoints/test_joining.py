"""Who may join a course, and who sees it: the rule, the code, links, visibility, the archive."""

import pytest

pytestmark = pytest.mark.django_db


def test_courses_joining_is_by_the_rule_of_the_course_until_staff_set_another(staff):
    assert staff("GET", "joining/")[1] == {"enrollment": "open", "set_here": None, "code": None}
    told = staff("PUT", "joining/", {"enrollment": "code"})[1]
    assert (told["enrollment"], told["set_here"], bool(told["code"])) == ("code", "code", True)


def test_courses_joining_code_replaces_the_code(staff, world):
    old = staff("PUT", "joining/", {"enrollment": "code"})[1]["code"]
    assert staff("POST", "joining/code/")[1]["code"] != old
    refused = world.client("dora").post(f"/api/v1/courses/{world.ids['slug']}/enrollment/", {"code": old})
    assert refused.json()["code"] == "code_incorrect"


def test_courses_invitations_are_links_with_an_end_and_a_number_of_uses(staff, world):
    past = staff("POST", "invitations/", {"note": "late", "expires_at": "2020-01-01T00:00:00Z"})[1]
    assert past["code"] == "expiry_past"
    status, never = staff("POST", "invitations/", {"note": "never", "expires_at": "9999-12-31T23:59:59Z"})
    assert (status, never["errors"][0]["field"]) == (400, "expires_at")
    link, door = (
        staff("POST", "invitations/", {"note": "Monday", "most_uses": 1})[1],
        f"{world.ids['slug']}/enrollment/",
    )
    body = {"invitation": link["url"].rstrip("/").rpartition("/")[2]}
    joined, late = (world.client(role).post(f"/api/v1/courses/{door}", body) for role in ("dora", "cy"))
    assert (joined.status_code, late.status_code, late.json()["code"]) == (201, 409, "invitation_used_up")
    states = {row["note"]: (row["state"], row["uses"]) for row in staff("GET", "invitations/")[1]["results"]}
    assert states == {"all": ("valid", 0), "Monday": ("used_up", 1)}


def test_courses_invitations_revoke_ends_a_link(staff, world):
    assert staff("POST", f"invitations/{world.ids['invitation_id']}/revoke/")[1]["state"] == "revoked"


def test_courses_visibility_hides_a_course_from_strangers(staff, world):
    assert staff("PUT", "visibility/", {"visibility": "private"})[1] == staff("GET", "visibility/")[1]
    told = {
        role: world.client(role).get(f"/api/v1/courses/{world.ids['slug']}/").status_code for role in ("ada", "dora")
    }
    assert told == {"ada": 200, "dora": 404}


def test_courses_archive_makes_a_course_read_only_until_it_is_reopened(staff, world):
    teacher, address = world.client("instructor"), f"/api/v1/courses/{world.ids['slug']}/archive/"
    assert staff("PUT", "archive/")[1]["code"] == "exams_running"
    world.client("ada").post(f"/api/v1/sittings/{world.ids['sitting_id']}/submit/")
    assert staff("PUT", "archive/")[1]["archived_at"] is not None
    assert staff("POST", "joining/code/")[1]["code"] == "course_archived"
    assert (teacher.delete(address).status_code, staff("GET", "archive/")[1]) == (204, {"archived_at": None})
