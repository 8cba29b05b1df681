"""The class by API: who may join, class lists, groups, removal."""

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


def test_a_list_is_previewed_applied_and_repeated(world, teacher, course):
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


def test_a_repeated_list_is_answered_as_before_though_a_new_one_would_be_refused(teacher, course):
    body = {"people": [ONE], "invite": True}
    first = teacher.post(f"{course}/class-list/", body, headers={"Idempotency-Key": "invite"})
    newest, *_ = teacher.get(f"{course}/personal-invitations/").json()["results"]
    teacher.post(f"{course}/personal-invitations/{newest['id']}/withdraw/")
    assert teacher.post(f"{course}/class-list/", body).status_code == 400  # they were mailed a moment ago
    second = teacher.post(f"{course}/class-list/", body, headers={"Idempotency-Key": "invite"})
    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())


def test_a_preview_says_nothing_about_the_accounts_of_others(world, teacher, course):
    other = make.make_user(username="stranger")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    people = [{"username": "stranger"}, {"email": other.email}, {"email": "nobody@example.org"}]
    told = teacher.post(f"{course}/class-list/", {"people": people, "dry_run": True}).json()["people"]
    assert [(each["fate"], each["id"], each["username"], each["email"]) for each in told] == [
        ("add", None, None, ""),
        ("add", None, None, other.email),
        ("add", None, None, "nobody@example.org"),
    ]


def test_mistakes_name_the_person_and_change_nothing(teacher, course):
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


def test_a_group_that_no_file_can_name_is_a_mistake_and_changes_nothing(teacher, course):
    before = LearnerGroup.objects.count(), Enrollment.objects.count()
    for options in ({}, {"dry_run": True}):
        answer = teacher.post(f"{course}/class-list/", {"people": [{**ONE, "groups": ["Lab B", "a|b"]}], **options})
        assert answer.status_code == 400
        assert [each["detail"] for each in answer.json()["errors"]] == [
            "Person 1: A group’s name contains “|”, which separates groups in a file."
        ]
    assert (LearnerGroup.objects.count(), Enrollment.objects.count()) == before


def test_a_learner_is_grouped_removed_and_brought_back(world, teacher, course):
    ada = f"{course}/learners/{world.ids['learner_id']}"
    assert teacher.put(f"{ada}/groups/", {"groups": ["Lab B", "Monday"]}).json()["groups"] == ["Lab B", "Monday"]
    removed = teacher.post(f"{ada}/removal/", {"reason": "She changed to another class."}).json()
    assert removed["removed_at"] is not None
    door = world.client("ada").post(f"{course}/enrollment/", {})
    assert (door.status_code, door.json()["code"]) == (403, "removed_from_class")
    assert teacher.post(f"{ada}/restoration/").json()["removed_at"] is None
    assert teacher.post(f"{ada}/removal/", {"reason": ""}).json()["code"] == "reason_missing"


def test_the_rule_the_code_and_a_link(world, teacher, course):
    assert teacher.get(f"{course}/joining/").json() == {"enrollment": "open", "set_here": None, "code": None}
    code = teacher.put(f"{course}/joining/", {"enrollment": "code"}).json()["code"]
    assert teacher.post(f"{course}/joining/code/").json()["code"] != code
    dora = world.client("dora")
    assert dora.post(f"{course}/enrollment/", {"code": code}).json()["code"] == "code_incorrect"
    past = teacher.post(f"{course}/invitations/", {"note": "late", "expires_at": "2020-01-01T00:00:00Z"})
    assert past.json()["code"] == "expiry_past"
    never = teacher.post(f"{course}/invitations/", {"note": "never", "expires_at": "9999-12-31T23:59:59Z"})
    assert (never.status_code, never.json()["errors"][0]["field"]) == (400, "expires_at")
    link = teacher.post(f"{course}/invitations/", {"note": "Monday", "most_uses": 1}).json()
    token = link["url"].rstrip("/").rpartition("/")[2]
    assert dora.post(f"{course}/enrollment/", {"invitation": token}).status_code == 201
    late = world.client("cy").post(f"{course}/enrollment/", {"invitation": token})
    assert (late.status_code, late.json()["code"]) == (409, "invitation_used_up")
    states = {
        row["note"]: (row["state"], row["uses"]) for row in teacher.get(f"{course}/invitations/").json()["results"]
    }
    assert states == {"all": ("valid", 0), "Monday": ("used_up", 1)}
    assert teacher.post(f"{course}/invitations/{link['id']}/revoke/").json()["state"] == "revoked"


def test_a_list_invites_by_mail_and_invitations_are_listed_sent_again_and_withdrawn(world, teacher, course):
    body = {"people": [{"email": "zoe@example.net", "groups": ["Monday"]}], "invite": True}
    planned = teacher.post(f"{course}/class-list/", {**body, "dry_run": True}).json()["people"][0]
    done = teacher.post(f"{course}/class-list/", body).json()["people"][0]
    assert planned == done
    assert (done["id"], done["fate"], done["password_link"]) == (None, "invite", None)
    newest, older = teacher.get(f"{course}/personal-invitations/").json()["results"]
    assert (newest["email"], newest["state"], newest["groups"]) == ("zoe@example.net", "waiting", ["Monday"])
    one = f"{course}/personal-invitations/{newest['id']}"
    assert teacher.post(f"{one}/resend/").json()["code"] == "invitation_just_mailed"
    assert teacher.post(f"{course}/personal-invitations/{older['id']}/resend/").json()["state"] == "waiting"
    for _ in range(2):
        assert teacher.post(f"{one}/withdraw/").json()["state"] == "withdrawn"
    assert teacher.post(f"{one}/resend/").json()["code"] == "invitation_withdrawn"
    assert teacher.post(f"{course}/personal-invitations/nothing/withdraw/").status_code == 404
