"""The class: a class list, invitations by email, groups, and a learner's place."""

import pytest
from allauth.account.models import EmailAddress

from foundation.models import IdempotencyKey
from people.models import Enrollment, LearnerGroup
from tests import factories as make

pytestmark = pytest.mark.django_db
ONE = {"email": "new@example.org", "name": "New Comer", "groups": ["Monday"]}


@pytest.fixture
def teacher(world):
    return world.client("robot")


@pytest.fixture
def course(world):
    return f"/api/v1/courses/{world.ids['slug']}"


def test_courses_class_list_is_previewed_applied_and_repeated(world, teacher, course):
    url = f"{course}/class-list/"
    told = teacher.post(url, {"people": [ONE], "dry_run": True}).json()["people"]
    assert [(each["fate"], each["id"], each["password_link"]) for each in told] == [("add", None, None)]
    answers = [teacher.post(url, {"people": [ONE]}, headers={"Idempotency-Key": "list"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    for answer in answers:
        [person] = answer.json()["people"]
        assert (person["username"], person["fate"]) == ("new", "create")
        assert person["password_link"].startswith("http://testserver/accounts/password/reset/key/")
    assert "reset/key" not in str(IdempotencyKey.objects.get(key="list").__dict__)
    assert teacher.post(url, {"people": [ONE]}).json()["people"][0]["fate"] == "unchanged"
    grades = teacher.get(f"{course}/gradebook/", {"group": "Monday"}).json()["results"]
    assert [row["learner"]["username"] for row in grades] == ["new"]
    lines = teacher.get(f"{course}/gradebook/", {"group": "Monday", "format": "csv"}).getvalue().decode().splitlines()
    assert len(lines) == 2
    assert teacher.get(f"{course}/gradebook/", {"group": ""}).status_code == 400


def test_courses_class_list_that_is_repeated_is_answered_as_before_though_a_new_one_would_be_refused(teacher, course):
    body = {"people": [ONE], "invite": True}
    first = teacher.post(f"{course}/class-list/", body, headers={"Idempotency-Key": "invite"})
    newest, *_ = teacher.get(f"{course}/personal-invitations/").json()["results"]
    teacher.post(f"{course}/personal-invitations/{newest['id']}/withdraw/")
    assert teacher.post(f"{course}/class-list/", body).status_code == 400  # they were mailed a moment ago
    second = teacher.post(f"{course}/class-list/", body, headers={"Idempotency-Key": "invite"})
    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())


def test_courses_class_list_says_nothing_about_the_accounts_of_others_in_a_preview(world, teacher, course):
    other = make.make_user(username="stranger")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    people = [{"username": "stranger"}, {"email": other.email}, {"email": "nobody@example.org"}]
    told = teacher.post(f"{course}/class-list/", {"people": people, "dry_run": True}).json()["people"]
    assert [(each["fate"], each["id"], each["username"], each["email"]) for each in told] == [
        ("add", None, None, ""),
        ("add", None, None, other.email),
        ("add", None, None, "nobody@example.org"),
    ]


def test_courses_class_list_with_mistakes_names_the_person_and_changes_nothing(teacher, course):
    before = Enrollment.objects.count()
    body = {"people": [ONE, {"email": "nonsense"}, {"username": "nobody"}, ONE]}
    answer = teacher.post(f"{course}/class-list/", body)
    assert answer.status_code == 400
    assert [each["detail"] for each in answer.json()["errors"]] == [
        "Person 2: “nonsense” is not an email address.",
        "Person 4: Row 1 has the same email.",
        "Person 3: No account is called “nobody”. Add an email address to create it.",
    ]
    assert Enrollment.objects.count() == before


def test_courses_class_list_with_a_group_that_no_file_can_name_changes_nothing(teacher, course):
    before = LearnerGroup.objects.count(), Enrollment.objects.count()
    for options in ({}, {"dry_run": True}):
        answer = teacher.post(f"{course}/class-list/", {"people": [{**ONE, "groups": ["Lab B", "a|b"]}], **options})
        assert answer.status_code == 400
        assert [each["detail"] for each in answer.json()["errors"]] == [
            "Person 1: A group’s name contains “|”, which separates groups in a file."
        ]
    assert (LearnerGroup.objects.count(), Enrollment.objects.count()) == before


def test_courses_personal_invitations_list_whom_a_class_list_invited(teacher, course):
    body = {"people": [{"email": "zoe@example.net", "groups": ["Monday"]}], "invite": True}
    planned = teacher.post(f"{course}/class-list/", {**body, "dry_run": True}).json()["people"][0]
    done = teacher.post(f"{course}/class-list/", body).json()["people"][0]
    assert planned == done
    assert (done["id"], done["fate"], done["password_link"]) == (None, "invite", None)
    newest, _older = teacher.get(f"{course}/personal-invitations/").json()["results"]
    assert (newest["email"], newest["state"], newest["groups"]) == ("zoe@example.net", "waiting", ["Monday"])


def test_courses_personal_invitations_resend_waits_after_the_first_mail(world, teacher, course):
    teacher.post(f"{course}/class-list/", {"people": [{"email": "zoe@example.net"}], "invite": True})
    newest, older = teacher.get(f"{course}/personal-invitations/").json()["results"]
    said = [teacher.post(f"{course}/personal-invitations/{each['id']}/resend/").json() for each in (newest, older)]
    assert (said[0]["code"], said[1]["state"]) == ("invitation_just_mailed", "waiting")


def test_courses_personal_invitations_withdraw_is_for_good(world, teacher, course):
    one = f"{course}/personal-invitations/{world.ids['personal_invitation_id']}"
    assert [teacher.post(f"{one}/withdraw/").json()["state"] for _ in range(2)] == ["withdrawn"] * 2
    assert teacher.post(f"{one}/resend/").json()["code"] == "invitation_withdrawn"
    assert teacher.post(f"{course}/personal-invitations/nothing/withdraw/").status_code == 404


def test_courses_learners_are_listed_by_group_and_by_presence(world, teacher, course):
    ada, address = world.ids["learner_id"], f"{course}/learners/"
    teacher.put(f"{address}{ada}/groups/", {"groups": ["Monday"]})

    def listed(**asked):
        return [row["learner"]["id"] for row in teacher.get(address, asked).json()["results"]]

    assert {ada, str(world.people["bob"].pk)} <= set(listed())
    [row] = teacher.get(address, {"group": "Monday"}).json()["results"]
    assert (row["groups"], row["email"], row["removed_at"]) == (["Monday"], world.people["ada"].email, None)
    teacher.post(f"{address}{ada}/removal/", {"reason": "moved"})
    assert (listed(group="Monday"), listed(group="Monday", show="left")) == ([], [ada])
    assert teacher.get(address, {"show": "everyone"}).status_code == 400


def test_courses_learners_groups_are_exactly_those_that_were_sent(world, teacher, course):
    address = f"{course}/learners/{world.ids['learner_id']}/groups/"
    for names in (["Lab B", "Monday"], ["Monday"]):
        assert teacher.put(address, {"groups": names}).json()["groups"] == names


def test_courses_learners_removal_takes_a_reason_and_closes_the_door(world, teacher, course):
    address = f"{course}/learners/{world.ids['learner_id']}/removal/"
    assert teacher.post(address, {"reason": ""}).json()["code"] == "reason_missing"
    assert teacher.post(address, {"reason": "She changed to another class."}).json()["removed_at"] is not None
    door = world.client("ada").post(f"{course}/enrollment/", {})
    assert (door.status_code, door.json()["code"]) == (403, "removed_from_class")


def test_courses_learners_restoration_brings_back_who_was_removed(world, teacher, course):
    ada = f"{course}/learners/{world.ids['learner_id']}"
    teacher.post(f"{ada}/removal/", {"reason": "She changed to another class."})
    assert teacher.post(f"{ada}/restoration/").json()["removed_at"] is None
    assert world.client("ada").get(f"{course}/progress/").status_code == 200


def test_me_is_the_person_with_their_courses(world):
    told = world.client("ada").get("/api/v1/me/").json()
    assert (told["username"], told["enrollments"]) == (world.people["ada"].username, [world.ids["slug"]])


def test_courses_learners_student_number_is_set_listed_and_unique(world, teacher, course):
    ada, bob = (f"{course}/learners/{world.people[name].pk}/student-number/" for name in ("ada", "bob"))
    assert teacher.put(ada, {"student_number": "0012345"}).json()["student_number"] == "0012345"
    members = teacher.get(f"{course}/learners/").json()["results"]
    assert {row["learner"]["username"]: row["student_number"] for row in members}[
        world.people["ada"].username
    ] == "0012345"
    refused = teacher.put(bob, {"student_number": "12345"})
    assert (refused.status_code, refused.json()["code"]) == (409, "student_number_taken")
    assert teacher.put(ada, {"student_number": ""}).json()["student_number"] == ""
    assert teacher.put(bob, {"student_number": "12345"}).status_code == 200


def test_courses_class_list_brings_student_numbers(world, teacher, course):
    ada = world.people["ada"].username
    body = {"people": [{"username": ada, "student_number": "0012345"}]}
    for is_dry in (True, False):
        (person,) = teacher.post(f"{course}/class-list/", {**body, "dry_run": is_dry}).json()["people"]
        assert (person["fate"], person["student_number"]) == ("number", "0012345")
    assert Enrollment.objects.get(user=world.people["ada"]).student_number == "0012345"
