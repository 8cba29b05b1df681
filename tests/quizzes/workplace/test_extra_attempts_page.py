"""The page that gives extra attempts, the API call, and what the learner sees."""

import pytest
import time_machine
from django.urls import reverse

from people.models import LearnerGroup
from quizzes import services
from quizzes.models import ExtraAttempts, ExtraAttemptsNote
from tests import factories as make
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
NOW = make.NOW
PAGE = reverse("extra_attempts", args=["deep"])


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture
def review(course):
    return make.make_review(course=course, kinds=["numeric", "true_false"])


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def form(review, learner, **changes):
    said = {"assessment": review.pk, "extra": "1", "learners": learner.username, "reason": "private words"}
    return {**said, **changes}


def test_a_preview_is_confirmed_and_the_learner_sees_one_more_attempt(client, teacher, review, learner):
    page = teacher.get(reverse("learner", args=["deep", learner.pk])).content.decode()
    assert f"{PAGE}?learner={learner.pk}" in page
    assert learner.username in teacher.get(PAGE, {"learner": learner.pk}).content.decode()
    preview = teacher.post(PAGE, form(review, learner))
    assert (preview.status_code, ExtraAttempts.objects.count()) == (200, 0)
    assert "0 → 1" in preview.content.decode()
    confirmed = {"confirmed": "1", "expected": preview.context["plan"].digest}
    assert teacher.post(PAGE, form(review, learner, **confirmed)).status_code == 302
    page = teacher.get(PAGE).content.decode()
    assert ("1 extra attempt" in page, "private words" in page) == (True, True)
    client.force_login(learner)
    shown = client.get(f"/assessments/{review.pk}/").content.decode()
    assert ("You have 1 extra attempt" in shown, "private words" in shown) == (True, False)
    assert ("Attempt 1 of 3" in shown, "Attempt 1 of 2" in shown) == (True, True)  # of the two questions
    told = client.get(f"/api/v1/assessments/{review.pk}/").json()
    assert [question["attempts_limit"] for question in told["questions"]] == [3, 2]


def test_a_group_and_a_learner_of_another_get_them_at_once(teacher, course, review, learner):
    monday, other = LearnerGroup.objects.create(course=course, name="Monday"), make.enroll(course=course)
    other.enrollments.get().groups.add(monday)
    make.enroll(course=course)
    preview = teacher.post(PAGE, form(review, learner, group="Monday"))
    assert {step.learner_id for step in preview.context["plan"].steps} == {learner.pk, other.pk}


def test_what_cannot_be_given_is_said_at_the_form_and_nothing_is_stored(teacher, review, learner):
    stale = teacher.post(PAGE, form(review, learner, confirmed="1", expected="another"))
    said = [
        (teacher.post(PAGE, form(review, learner, learners=f"{learner.username}, nobody")), "is called “nobody”"),
        (teacher.post(PAGE, form(review, learner, learners="")), "Name at least one learner"),
        (teacher.post(PAGE, form(review, learner, extra="21")), "less than or equal to 20"),
        (teacher.post(PAGE, form(review, learner, extra="0")), "have this number of extra attempts already"),
        (stale, "Something has changed since this preview"),
    ]
    assert [(answer.status_code, words in answer.content.decode()) for answer, words in said] == [(400, True)] * 5
    assert ExtraAttempts.objects.count() == 0


def test_the_page_before_an_exam_says_how_many_attempts_there_are(client, teacher, course, learner):
    exam = make.make_exam(course=course)
    preview = teacher.post(PAGE, form(exam, learner, extra="2"))
    confirmed = {"confirmed": "1", "expected": preview.context["plan"].digest}
    teacher.post(PAGE, form(exam, learner, extra="2", **confirmed))
    client.force_login(learner)
    assert "You have 2 extra attempts" in client.get(f"/assessments/{exam.pk}/").content.decode()


def test_assistants_read_and_delete_only_their_own_notes(client, teacher, course, review, learner):
    assistant = staff_in(course, "assistant")
    for author, extra, words in [(staff_in(course, "instructor"), 1, "not yours"), (assistant, 2, "my own words")]:
        services.give_extra_attempts(
            course=course, assessment_id=review.pk, learner_ids=[learner.pk], extra=extra, reason=words, author=author,
            now=NOW,
        )  # fmt: skip
    client.force_login(assistant)
    page = client.get(PAGE).content.decode()
    assert ("not yours" in page, "my own words" in page) == (False, True)
    theirs, mine = ExtraAttempts.objects.order_by("pk")
    assert client.post(PAGE, {"do": "remove_note", "record": theirs.pk}).status_code == 404
    assert client.post(PAGE, {"do": "remove_note", "record": mine.pk}).status_code == 302
    assert [note.text for note in ExtraAttemptsNote.objects.all()] == ["not yours"]
