"""The columns of a course over the API, and their points: previewed, stored once, all lines or none (D41)."""

import pytest

from grading.models import GradeChange, Override
from grading.selectors.columns import points_in
from tests import factories as make
from tests.contract import ContractClient
from tests.grading.columns import give, load_with_columns, oral
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
COLUMNS = "/api/v1/courses/nasty/columns/"


@pytest.fixture
def course():
    return load_with_columns()


@pytest.fixture
def ada(course):
    return make.enroll(course=course, user=make.make_user(username="ada"))


@pytest.fixture
def bob(course):
    return make.enroll(course=course, user=make.make_user(username="bob"))


def signed_in(person):
    client = ContractClient()
    client.force_login(person)
    return client


@pytest.fixture
def teacher(course):
    return signed_in(instructor_of(course))


def address():
    return f"{COLUMNS}{oral().pk}/points/"


def line(learner, points, **more):
    return {"learner": str(learner.pk), "points": points, **more}


def stored(course, *learners):
    rows = points_in(course.pk, oral().pk, [learner.pk for learner in learners])
    return [rows.get(learner.pk) and (rows[learner.pk].points, rows[learner.pk].comment) for learner in learners]


def test_courses_columns_are_items_of_the_gradebook(teacher, course, ada):
    give(course, ada, "5")
    (column,) = teacher.get(COLUMNS).json()["columns"]
    assert column == {
        "id": oral().pk,
        "key": "oral",
        "title": "Oral exam",
        "maximum": "10",
        "category": "exam",
        "due_at": oral().due_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "extra_credit": False,
        "given": 1,
    }


def test_courses_columns_points_of_each_learner_are_listed(teacher, course, ada, bob):
    give(course, ada, "5", comment="Well argued.")
    rows = teacher.get(address()).json()["results"]
    assert [(row["learner"]["username"], row["points"], row["exempt"], row["comment"]) for row in rows] == [
        ("ada", "5", False, "Well argued."),
        ("bob", None, False, ""),
    ]


def test_courses_columns_points_are_previewed_and_then_stored(teacher, course, ada, bob):
    body = {"points": [line(ada, "7.5", comment="Well argued."), line(bob, "2")]}
    preview = teacher.post(address(), {**body, "dry_run": True})
    assert (preview.status_code, stored(course, ada, bob)) == (200, [None, None])
    assert {effect["learner"]["username"] for effect in preview.json()["effects"]} == {"ada", "bob"}
    done = teacher.post(address(), {**body, "expected": preview.json()["expected"]})
    assert done.status_code == 201
    assert [row["points"] for row in done.json()["points"]] == ["7.5", "2"]
    assert stored(course, ada, bob) == [(7.5, "Well argued."), (2, "")]


def test_courses_columns_points_that_are_stored_already_change_nothing(teacher, course, ada):
    give(course, ada, "5", comment="So it is.")
    before = GradeChange.objects.count()
    for body in (line(ada, "5"), line(ada, "5.00", comment="So it is.")):
        assert teacher.post(address(), {"points": [body], "dry_run": True}).json() == {"expected": None, "effects": []}
        assert teacher.post(address(), {"points": [body]}).json() == {"points": []}
    assert GradeChange.objects.count() == before


def test_courses_columns_points_are_removed_by_null_and_replaced_by_an_exemption(teacher, course, ada):
    give(course, ada, "5")
    assert teacher.post(address(), {"points": [line(ada, None)]}).status_code == 201
    assert stored(course, ada) == [None]
    exempt = {"points": [line(ada, None, exempt=True, comment="Ill.")]}
    (row,) = teacher.post(address(), exempt).json()["points"]
    assert (row["points"], row["exempt"], row["comment"]) == (None, True, "Ill.")


def test_courses_columns_points_are_stored_once_per_key(teacher, course, ada):
    body, headers = {"points": [line(ada, "5")]}, {"Idempotency-Key": "one"}
    first = teacher.post(address(), body, headers=headers)
    again = teacher.post(address(), body, headers=headers)
    assert (first.json(), Override.objects.count()) == (again.json(), 1)


def test_courses_columns_points_of_a_stale_preview_are_refused(teacher, course, ada):
    body = {"points": [line(ada, "7")]}
    expected = teacher.post(address(), {**body, "dry_run": True}).json()["expected"]
    give(course, ada, "3")
    refused = teacher.post(address(), {**body, "expected": expected})
    assert (refused.status_code, refused.json()["code"], stored(course, ada)) == (409, "preview_stale", [(3, "")])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"points": "11"}, "Points must be between 0 and 10"),
        ({"learner": "999999"}, "No learner of the course has this id."),
        ({"learner": "ada"}, "No learner of the course has this id."),
        ({"exempt": True}, "An exemption needs a comment that says why."),
        ({"learner": "again"}, "An earlier line names the same learner."),
    ],
)
def test_courses_columns_points_with_a_mistake_store_nothing(teacher, course, ada, bob, wrong, sentence):
    learner = str(ada.pk) if wrong.get("learner") == "again" else wrong.get("learner", str(bob.pk))
    body = {"points": [line(ada, "5"), {"points": None, **wrong, "learner": learner}]}
    for is_dry in (True, False):
        refused = teacher.post(address(), {**body, "dry_run": is_dry})
        assert (refused.status_code, stored(course, ada, bob)) == (400, [None, None])
        assert refused.json()["errors"][0]["detail"].startswith(f"Line 2: {sentence}")


def test_courses_columns_points_of_a_removed_column_are_not_found(teacher, ada):
    where = address()
    load_with_columns("")
    assert teacher.get(where).status_code == 404
    assert teacher.post(where, {"points": [line(ada, "5")]}).status_code == 404


def test_courses_columns_points_keep_the_comments_of_others_from_an_assistant(course, ada):
    give(course, ada, "5", comment="For the learner alone.")
    assistant = signed_in(staff_in(course, "assistant"))
    assert assistant.get(address()).json()["results"][0]["comment"] == ""
    assert assistant.post(address(), {"points": [line(ada, "5", comment="")]}).json() == {"points": []}
    assert stored(course, ada) == [(5, "For the learner alone.")]


def test_courses_columns_are_listed_for_observers_who_may_not_give_points(course, ada):
    observer = signed_in(staff_in(course, "observer"))
    assert observer.get(COLUMNS).status_code == 200
    assert observer.post(address(), {"points": [line(ada, "5")]}).status_code == 403
