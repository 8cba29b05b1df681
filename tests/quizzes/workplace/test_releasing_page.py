"""The pages on which instructors release what an assessment holds back."""

import pytest
import time_machine
from django.urls import reverse

from quizzes.models import Assessment
from quizzes.services import hand_in_sitting, start_sitting
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


def test_a_release_says_whom_it_concerns_and_the_learner_then_sees_the_key(client):
    course = make.make_course()
    exam = make.make_exam(course=course, drawn=1, pool=1, show={"key": "release", "explanation": "release"})
    learner, _ = make.enroll(course=course, user=make.make_user(username="lovelace")), make.enroll(course=course)
    sitting, _ = start_sitting(learner=learner, assessment=exam, now=make.NOW)
    hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=make.NOW)
    result, explanation = reverse("assessment", args=[exam.pk]), exam.questions.get().current.explanation
    client.force_login(learner)
    before = client.get(result)
    assert ("once an instructor allows it" in text(before), explanation in text(before)) == (True, False)

    client.force_login(instructor_of(course))
    assert "Release…" in text(client.get(reverse("releases", args=[course.slug])))
    page = reverse("release", args=[course.slug, exam.pk])
    asked = text(client.get(page))
    assert ("Lovelace" in asked, "1 learner can still take this exam." in asked) == (True, True)
    assert client.post(page, {"do": "release", "reason": ""}).status_code == 409
    assert client.post(page, {"do": "release", "reason": "All have sat it."}).status_code == 302
    assert "Hold back again…" in text(client.get(reverse("releases", args=[course.slug])))
    assert "This was released already." in text(client.post(page, {"do": "release", "reason": "Again."}))

    client.force_login(learner)
    assert explanation in text(client.get(result))
    client.force_login(instructor_of(course))
    client.post(page, {"do": "undo", "reason": "Too early."})
    assert Assessment.objects.get(pk=exam.pk).released_at is None


def test_a_removed_exam_that_withholds_results_stays_in_the_list(client):
    course = make.make_course()
    exam = make.make_exam(course=course, show=dict.fromkeys(("verdict", "score", "key", "explanation"), "release"))
    client.force_login(instructor_of(course))
    address = reverse("releases", args=[course.slug])
    assert "removed from the course" not in text(client.get(address))
    Assessment.objects.filter(pk=exam.pk).update(is_retired=True)
    listed = text(client.get(address))
    assert ("removed from the course" in listed, "Release…" in listed) == (True, True)
    page = reverse("release", args=[course.slug, exam.pk])
    assert client.post(page, {"do": "release", "reason": "All have sat it."}).status_code == 302
    assert Assessment.objects.get(pk=exam.pk).released_at is not None
