"""An exam with a time limit that is paused, and one that was paused for days, in a browser without a script (D32)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from quizzes.models import Attempt, Sitting, SittingQuestion
from quizzes.services import pause_sittings, resume_sittings
from tests import factories as make
from tests.forms import answer_form
from tests.leaks.forms import forms_in
from tests.quizzes.pages.test_untimed_exam import words_at

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_after_a_pause_of_days_the_page_says_on_which_day_responses_were_saved(client):
    exam = make.make_exam(course=make.make_course())
    client.force_login(make.enroll(course=exam.course))
    addresses = [f"/assessments/{exam.pk}/1/", f"/assessments/{exam.pk}/hand-in/"]
    with time_machine.travel(START, tick=False) as clock:
        client.post(f"/assessments/{exam.pk}/start/")
        question = SittingQuestion.objects.select_related("question__current").first().question
        client.post(f"/questions/{question.pk}/draft/", answer_form(question, make.right(question), revision=0))
        assert ["Saved 12:00:00 " in words_at(client, address) for address in addresses] == [True, True]
        why = {"author": make.make_user(is_staff=True), "reason": "The alarm rang."}
        pause_sittings(course=exam.course, sitting_ids=None, hours=168, now=START, **why)
        clock.shift(timedelta(days=3))
        client.post(f"/assessments/{exam.pk}/resume/")
        assert ["Saved 24 Nov, 12:00 " in words_at(client, address) for address in addresses] == [True, True]


# How a question's form may be sent: without a script, by htmx, and by the script that saves.
WAYS = {"plain": {}, "htmx": {"HX-Request": "true"}, "script": {"Accept": "application/json"}}


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def said(course):
    return {"course": course, "sitting_ids": None, "reason": "The alarm rang.", "author": make.make_user(is_staff=True)}


@pytest.fixture
def asked(client, course, said):
    """The two questions of a paused exam, by type. The one to choose in was checked before the pause."""
    exam = make.make_exam(course=course, drawn=2, pool=2, kinds=["text", "single_choice"])
    client.force_login(make.enroll(course=course))
    with time_machine.travel(START, tick=False):
        client.post(f"/assessments/{exam.pk}/start/")
        rows = SittingQuestion.objects.select_related("question__current")
        found = {row.question.current.type: row.question for row in rows}
        choice = found["single_choice"]
        client.post(f"/questions/{choice.pk}/check/", answer_form(choice, make.right(choice)))
        pause_sittings(hours=168, now=START, **said)
        yield found


def send(client, question, verb, response, way="plain", **numbers):
    form = answer_form(question, response, **numbers)
    return client.post(f"/questions/{question.pk}/{verb}/", form, headers=WAYS[way], follow=True)


def shows_a_question(answer):
    page = answer.content.decode()
    return any(words in page for words in ("data-question", "What?", "q-card", "also wrong"))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("verb", ["draft", "check"])
@pytest.mark.parametrize("response", ["tanh", None], ids=["typed", "blank"])
def test_what_an_open_page_sends_in_a_pause_is_refused_and_shows_no_question(client, asked, way, verb, response):
    answer = send(client, asked["text"], verb, response, way)
    assert not shows_a_question(answer)
    stored = SittingQuestion.objects.get(question=asked["text"])
    assert (stored.draft, Attempt.objects.filter(question=asked["text"]).count()) == (None, 0)


@pytest.mark.parametrize("way", WAYS)
def test_a_check_from_before_the_pause_that_is_sent_again_shows_no_question(client, asked, way):
    choice = asked["single_choice"]
    answer = send(client, choice, "check", make.right(choice), way)
    assert not shows_a_question(answer)
    assert answer.status_code == 200
    assert Attempt.objects.count() == 1


def test_a_check_from_before_the_pause_that_is_sent_again_by_htmx_is_acknowledged_beside_the_form(client, asked):
    choice = asked["single_choice"]
    answer = send(client, choice, "check", make.right(choice), "htmx")
    assert "This response was checked already and is stored." in answer.content.decode()
    assert answer.headers["HX-Retarget"] == f"#q-{choice.pk}-refusal"


def test_a_check_from_before_the_pause_that_is_sent_again_to_the_api_tells_only_its_result(client, asked):
    choice = asked["single_choice"]
    body = {"response": make.right(choice), "number": 1}
    answer = client.post(f"/api/v1/questions/{choice.pk}/attempts/", body, content_type="application/json")
    told = answer.json()
    assert (answer.status_code, told["is_correct"], told["feedback"], told["near_miss_html"]) == (201, True, None, "")
    assert not shows_a_question(answer)


@pytest.mark.parametrize("verb", ["draft", "check"])
@pytest.mark.parametrize("who", ["learner", "instructor"])
def test_what_was_typed_is_kept_by_the_page_of_the_pause_and_saved_on_resuming(client, asked, said, verb, who):
    page = send(client, asked["text"], verb, "tanh")
    assert (page.status_code, page.headers.get("Refresh")) == (409, None)
    assert "It is kept on this page" in " ".join(page.content.decode().split())
    if who == "instructor":
        resume_sittings(now=START, **said)
    form = next(form for form in forms_in(page.content.decode(), "") if form.action.endswith("/resume/"))
    again = client.post(form.action, form.fields, follow=True)
    assert "Saved 12:00:00. No attempt was used." in again.content.decode()
    assert SittingQuestion.objects.get(question=asked["text"]).draft == "tanh"
    assert (Sitting.objects.get().paused_at, Attempt.objects.count()) == (None, 1)


def test_what_was_typed_in_a_pause_does_not_replace_what_was_saved_elsewhere(client, asked, said):
    page = send(client, asked["text"], "draft", "tanh")
    resume_sittings(now=START, **said)
    send(client, asked["text"], "draft", "ReLU")
    form = next(form for form in forms_in(page.content.decode(), "") if form.action.endswith("/resume/"))
    again = client.post(form.action, form.fields, follow=True)
    assert (again.status_code, 'value="tanh"' in again.content.decode()) == (409, True)
    assert SittingQuestion.objects.get(question=asked["text"]).draft == "ReLU"
