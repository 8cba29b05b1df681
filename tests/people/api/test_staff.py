"""Who has which role in a course, over the API: see it, appoint, limit to groups, dismiss."""

import pytest

from course.models import Course
from people.access import standing_in
from people.models import Enrollment, RoleLimit
from people.selectors import role_changes
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
WHY = {"reason": "For this term."}


@pytest.fixture
def teacher(world):
    return world.client("robot")


@pytest.fixture
def address(world):
    return f"/api/v1/courses/{world.ids['slug']}/staff/"


@pytest.fixture
def omar(world):
    """An account with a role in another course, which nobody sees here."""
    omar = make.make_user(username="omar")
    make.enroll(course=make.make_course(), user=omar, role="instructor")
    return omar


def changes(world):
    course = Course.objects.get(slug=world.ids["slug"])
    return [(entry.action, entry.reason, entry.details) for entry in role_changes(course.pk)]


def test_courses_staff_lists_each_role_with_its_groups_and_nobody_else(world, teacher, address, omar):
    assistant = Enrollment.objects.get(user=world.people["assistant"])
    assistant.course.learner_groups.create(name="Evening")
    RoleLimit.objects.create(enrollment=assistant).groups.set(assistant.course.learner_groups.all())
    RoleLimit.objects.create(enrollment=Enrollment.objects.get(user=world.people["observer"]))
    rows = teacher.get(address).json()["results"]
    assert [(row["role"], row["groups"]) for row in rows] == [
        ("instructor", None),
        ("assistant", ["Evening", "Seminar"]),
        ("author", None),
        ("observer", []),
    ]
    assert [row["id"] for row in rows] == [str(world.people[row["role"]].pk) for row in rows]
    first = teacher.get(address, {"page_size": 3}).json()
    assert [row["role"] for row in teacher.get(first["next"]).json()["results"]] == ["observer"]


@pytest.mark.parametrize("role", ["assistant", "author", "observer", "bob", "colleague"])
def test_courses_staff_is_for_those_who_give_roles(world, address, role):
    client = world.client(role)
    status = 404 if role == "colleague" else 403
    body = {"username": world.people["dora"].username, "role": "observer", **WHY}
    one = f"{address}{world.people['observer'].pk}"
    before = AuditEntry.objects.count()
    assert client.get(address).status_code == status
    assert client.post(address, body).status_code == status
    assert client.put(f"{one}/limit/", {"groups": None, **WHY}).status_code == status
    assert client.post(f"{one}/dismissal/", WHY).status_code == status
    assert AuditEntry.objects.count() == before


def test_courses_staff_appoints_once_and_limits_to_groups(world, teacher, address, omar):
    body = {"username": "omar", "role": "assistant", "groups": ["Seminar"], **WHY}
    answers = [teacher.post(address, body, headers={"Idempotency-Key": "omar"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    told = answers[0].json()
    assert (told["id"], told["name"], told["role"], told["groups"]) == (
        str(omar.pk),
        "Omar",
        "assistant",
        ["Seminar"],
    )
    assert standing_in(omar, Course.objects.get(slug=world.ids["slug"]).pk).sight.is_limited
    assert changes(world) == [("appoint_assistant", WHY["reason"], {"username": "omar", "groups": "Seminar"})]


def test_courses_staff_ends_a_limit_only_if_the_request_says_so(world, teacher, address, omar):
    body = {"username": "omar", "role": "assistant", **WHY}
    teacher.post(address, {**body, "groups": ["Seminar"]})
    refused = teacher.post(address, body)
    assert (refused.status_code, refused.json()["code"]) == (400, "limit_unstated")
    assert "(Seminar)" in refused.json()["detail"]
    both = teacher.post(address, {**body, "groups": ["Seminar"], "whole_class": True})
    assert (both.status_code, both.json()["code"]) == (400, "limit_contradictory")
    assert teacher.post(address, {**body, "whole_class": True}).json()["groups"] is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"username": "nobody"}, "unknown_account"),
        ({"username": ""}, "invalid_request"),
        ({"role": "owner"}, "invalid_request"),
        ({"reason": " "}, "reason_missing"),
        ({"groups": []}, "limit_unfit"),
        ({"role": "author", "groups": ["Seminar"]}, "limit_unfit"),
        ({"groups": ["Sunday"]}, "limit_group_unknown"),
        ({"groups": ["x" * 200]}, "invalid_request"),
        ({"groups": ["Seminar"] * 201}, "invalid_request"),
        ({"groups": "Seminar"}, "invalid_request"),
        ({"group": "Seminar"}, "invalid_request"),
    ],
)
def test_courses_staff_refuses_what_is_no_appointment(world, teacher, address, omar, change, code):
    body = {"username": "omar", "role": "assistant", **WHY, **change}
    answer = teacher.post(address, body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert changes(world) == []


def test_courses_staff_limit_is_set_changed_and_ended_and_repeating_it_changes_nothing(world, teacher, address, omar):
    teacher.post(address, {"username": "omar", "role": "assistant", **WHY})
    where = f"{address}{omar.pk}/limit/"
    for groups in (["Seminar"], ["Seminar"], None, None):
        answer = teacher.put(where, {"groups": groups, **WHY})
        assert (answer.status_code, answer.json()["groups"]) == (200, groups)
    told = [details for action, _, details in changes(world)]
    assert told == [
        {"username": "omar", "role_before": "assistant", "groups_before": "Seminar"},
        {"username": "omar", "role_before": "assistant", "groups": "Seminar"},
        {"username": "omar"},
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"groups": []}, 400, "limit_unfit"),
        ({"groups": ["Sunday"]}, 400, "limit_group_unknown"),
        ({}, 400, "invalid_request"),
        ({"groups": ["Seminar"], "reason": ""}, 400, "reason_missing"),
        ({"groups": ["Seminar"], "whole_class": True}, 400, "invalid_request"),
    ],
)
def test_courses_staff_limit_refuses_what_is_no_limit(world, teacher, address, body, status, code):
    answer = teacher.put(f"{address}{world.ids['staff_id']}/limit/", {**WHY, **body})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not RoleLimit.objects.exists()


def test_courses_staff_limit_is_for_roles_of_this_course_that_can_have_one(world, teacher, address, omar):
    body = {"groups": ["Seminar"], **WHY}
    for staff_id in (omar.pk, world.people["ada"].pk, 10**12, "nobody"):
        assert teacher.put(f"{address}{staff_id}/limit/", body).status_code == 404, staff_id
    author = teacher.put(f"{address}{world.people['author'].pk}/limit/", body)
    assert (author.status_code, author.json()["code"]) == (400, "limit_unfit")
    assert changes(world) == []


def test_courses_staff_dismissal_ends_the_role_with_its_limit(world, teacher, address):
    where = f"{address}{world.ids['staff_id']}"
    teacher.put(f"{where}/limit/", {"groups": ["Seminar"], **WHY})
    answers = [teacher.post(f"{where}/dismissal/", WHY, headers={"Idempotency-Key": "end"}) for _ in range(2)]
    assert [(answer.status_code, answer.json()["groups"]) for answer in answers] == [(200, ["Seminar"])] * 2
    assert changes(world)[0][0] == "dismiss_observer"
    assert teacher.post(f"{where}/dismissal/", WHY).status_code == 404
    assert standing_in(world.people["observer"], Course.objects.get(slug=world.ids["slug"]).pk).permissions == set()


def test_courses_staff_dismissal_keeps_the_only_instructor_and_needs_a_reason(world, teacher, address):
    where = f"{address}{world.people['instructor'].pk}/dismissal/"
    only = teacher.post(where, WHY)
    assert (only.status_code, only.json()["code"]) == (409, "last_instructor")
    assert teacher.post(where, {}).json()["code"] == "reason_missing"
    assert teacher.post(f"{address}{world.people['bob'].pk}/dismissal/", WHY).status_code == 404


def test_courses_staff_works_in_an_archived_course_as_the_page_does(world, teacher, address, omar):
    Course.objects.filter(slug=world.ids["slug"]).update(archived_at=make.NOW)
    body = {"username": "omar", "role": "observer", **WHY}
    assert teacher.post(address, body).status_code == 201
    assert teacher.put(f"{address}{omar.pk}/limit/", {"groups": ["Seminar"], **WHY}).status_code == 200
    assert teacher.post(f"{address}{omar.pk}/dismissal/", WHY).status_code == 200
