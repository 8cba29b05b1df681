"""Every call for staff, when it is about learners outside the groups of a limited role (D42)."""

import pytest

from people.endpoint import Taught
from people.models import Enrollment, RoleLimit
from tests.portal.api.asking import ask, calls
from tests.portal.api.test_matrix import endpoint

pytestmark = pytest.mark.django_db
FOR_STAFF = [call for call in calls() if issubclass(endpoint(call) or object, Taught)]


@pytest.fixture(params=["assistant", "observer"])
def limited(request, world):
    """A client of somebody whose role is limited to the Seminar, a group without learners."""
    course = Enrollment.objects.get(user=world.people["assistant"]).course
    limit = RoleLimit.objects.create(enrollment=Enrollment.objects.get(user=world.people[request.param]))
    limit.groups.set(course.learner_groups.all())
    return world.client(request.param)


def test_no_call_says_anything_of_a_learner_who_is_not_in_sight(world, limited):
    ada = world.people["ada"]
    for call in FOR_STAFF:
        answer = ask(call, limited, world)
        text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        if "GET" in call or answer.status_code < 400:
            assert ada.username not in text, call
        if not endpoint(call).is_for_limited:
            assert answer.status_code == 403, call
        elif "{learner_id}" in call or "{request_id}" in call:
            assert answer.status_code in (403, 404), call


@pytest.mark.parametrize(
    "call",
    [
        "POST /courses/{slug}/accommodations/",
        "POST /courses/{slug}/date-extensions/",
        "POST /courses/{slug}/extra-attempts/",
        "POST /courses/{slug}/extensions/",
        "POST /courses/{slug}/pauses/",
        "POST /courses/{slug}/pauses/resume/",
        "POST /courses/{slug}/overrides/",
        "POST /courses/{slug}/overrides/undo/",
    ],
)
def test_a_body_that_names_such_a_learner_is_not_found(world, limited, call):
    expected = 404 if Enrollment.objects.get(limit__isnull=False).role == "assistant" else 403
    assert ask(call, limited, world).status_code == expected


def test_an_allowance_for_such_a_learner_is_refused_as_one_for_a_stranger(world, limited):
    if Enrollment.objects.get(limit__isnull=False).role == "assistant":
        answer = ask("POST /courses/{slug}/allowances/", limited, world)
        assert answer.status_code == 400
        assert b"No learner of the course is called" in answer.content


def test_all_running_exams_are_those_in_sight(world, limited):
    if Enrollment.objects.get(limit__isnull=False).role == "assistant":
        body = {"sittings": None, "minutes": 5, "reason": "noise"}
        answer = ask("POST /courses/{slug}/extensions/", limited, world, body)
        assert (answer.status_code, answer.json()["extended"]) == (201, [])
