"""Announcements for learners and for staff."""

import pytest
from allauth.account.models import EmailAddress

pytestmark = pytest.mark.django_db


def own(world, role):
    found = world.client(role).get(f"/api/v1/courses/{world.ids['slug']}/announcements/").json()["results"]
    return [(each["title"], each["is_new"]) for each in found]


def test_courses_announcements_are_new_until_they_were_read(world):
    assert own(world, "ada") == [("Welcome", True)]
    address = f"/api/v1/courses/{world.ids['slug']}/announcements/"
    assert world.client("ada").post(address).status_code == 204
    assert (own(world, "ada"), own(world, "bob")) == ([("Welcome", False)], [("Welcome", True)])


def test_courses_announcements_say_what_they_were_corrected_to(staff, world):
    body = {"title": "Exam", "text": "Bring *paper*."}
    told = staff("PUT", f"announcements/{world.ids['announcement_id']}/", body)[1]
    assert (told["html"], own(world, "ada")) == ("<p>Bring <em>paper</em>.</p>\n", [("Exam", True)])


def test_courses_announcements_posted_say_whom_they_reach_before_and_after(staff, world):
    body = {"title": "Exam", "text": "Bring paper."}
    status, planned = staff("POST", "announcements/posted/", {**body, "dry_run": True})
    assert (status, planned["id"], planned["people"]) == (200, None, 2)
    status, posted = staff("POST", "announcements/posted/", body)
    assert (status, posted["people"]) == (201, 2)
    assert [each["title"] for each in staff("GET", "announcements/posted/")[1]["results"]] == ["Exam", "Welcome"]


def test_courses_announcements_posted_mail_as_many_as_the_dry_run_says(staff, world):
    ada = world.people["ada"]
    EmailAddress.objects.filter(user=ada).delete()
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    body = {"title": "Exam", "text": "Bring paper."}
    reach = staff("POST", "announcements/posted/", {**body, "dry_run": True})[1]["reach"]
    mail = staff("POST", "announcements/posted/", body)[1]["mail"]
    assert (reach["mailed"], mail["waiting"], mail["unconfirmed"]) == (1, 1, reach["unconfirmed"])
    assert mail["total"] == reach["people"] == 2


def test_courses_announcements_withdraw_takes_it_from_learners(staff, world):
    told = staff("POST", f"announcements/{world.ids['announcement_id']}/withdraw/")[1]
    assert (told["withdrawn_at"] is not None, own(world, "ada")) == (True, [])
