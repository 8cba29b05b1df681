"""What the API shows and changes for one group of the class, as the workplace does."""

import pytest

from accounts.models import User
from people.models import LearnerGroup
from quizzes.models import Sitting
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(world):
    return world.client("robot")


@pytest.fixture
def course(world):
    return f"/api/v1/courses/{world.ids['slug']}"


def test_a_group_of_another_course_is_unknown_everywhere_and_nothing_is_changed(world, teacher, course):
    LearnerGroup.objects.create(course=make.make_course(), name="Elsewhere")
    reading = (
        "gradebook",
        "learners",
        "running-exams",
        "help-requests",
        "objectives/class",
        f"analyses/{world.ids['assessment_id']}",
    )
    for name in ("Elsewhere", "", "\0"):
        for page in reading:
            answer = teacher.get(f"{course}/{page}/", {"group": name})
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request"), page
    body = {"sittings": None, "group": "Elsewhere", "reason": "late"}
    given = {
        "assessment": world.ids["assessment_id"],
        "extra": 1,
        "reason": "late",
        "learners": [],
        "group": "Elsewhere",
    }
    changing = {
        "extensions": {**body, "minutes": 5},
        "pauses": body,
        "pauses/resume": body,
        "extra-attempts": given,
        "announcements/posted": {"title": "x", "text": "x", "audience": "group", "group": "Elsewhere"},
    }
    for page, body in changing.items():
        assert teacher.post(f"{course}/{page}/", body).status_code == 400, page
    both = {"sittings": [world.ids["sitting_id"]], "group": "Monday", "reason": "late", "minutes": 5}
    assert teacher.post(f"{course}/extensions/", both).status_code == 400
    assert Sitting.objects.filter(extensions__isnull=False).count() == 0
    assert User.objects.filter(enrollments__groups__name="Elsewhere").count() == 0
