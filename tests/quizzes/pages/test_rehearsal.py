"""A rehearsal and a test run in a browser without a script, from the exam's page to the explanations (D46)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from quizzes import services
from quizzes.models import Attempt, Sitting
from tests import factories as make
from tests.forms import fields

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MARK = {"rehearsal": "This is a rehearsal.", "test_run": "This is a test run."}


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as travelled:
        yield travelled


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def exam(course):
    return make.make_exam(
        course=course, drawn=2, pool=3, kinds=["numeric", "text"], title="Final", time_limit=timedelta(hours=1)
    )


@pytest.fixture
def review(course, exam):
    return make.make_review(course=course, module=exam.module, kinds=["text", "numeric"])


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def browser(client, learner, clock):
    client.force_login(learner)
    return client


def finish(learner, review):
    for question in review.questions.all():
        services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=START
        )


def plain(answer):
    return " ".join(answer.content.decode().split())


def begun(browser, exam):
    """Start a rehearsal or a test run, and return its address and the questions' addresses in order."""
    address = browser.post(f"/rehearse/{exam.pk}/").url
    sitting = Sitting.every.exclude(kind="graded").get(settled_at=None)
    assert address == f"/assessments/{sitting.kind}-{sitting.pk}/"
    rows = sitting.questions.select_related("question__current").order_by("position")
    return address, [(f"{sitting.pk}-{row.question_id}", row.question) for row in rows]


def post(browser, name, question, verb, response, number=1):
    form = {"type": question.current.type, "number": number, "revision": "0", "next": "/"}
    return browser.post(f"/questions/{name}/{verb}/", {**form, **fields(question.current.type, f"q-{name}", response)})


def test_the_page_before_the_exam_leads_to_a_rehearsal(browser, exam):
    page = plain(browser.get(f"/assessments/{exam.pk}/"))
    assert f'<a href="/rehearse/{exam.pk}/">Rehearse</a>' in page


def test_without_final_review_questions_the_page_says_what_to_do(browser, exam, review):
    page = plain(browser.get(f"/rehearse/{exam.pk}/"))
    assert "You have no questions to rehearse with yet." in page
    assert "Start a rehearsal" not in page
    assert browser.post(f"/rehearse/{exam.pk}/").status_code == 409


def test_a_rehearsal_from_its_start_to_its_explanations(browser, learner, exam, review):
    finish(learner, review)
    front = plain(browser.get(f"/rehearse/{exam.pk}/"))
    assert [words in front for words in ("<dd>2</dd>", "<dd>60 minutes</dd>", MARK["rehearsal"])] == [True] * 3
    address, questions = begun(browser, exam)
    assert browser.get(address).url == f"{address}1/"
    page = plain(browser.get(f"{address}1/"))
    assert MARK["rehearsal"] in page
    assert "<title>Rehearsal: Final · Finalcheck</title>" in page
    assert "Because of the secret reason." not in page
    (first, asked_first), (second, asked_second) = questions
    assert post(browser, first, asked_first, "check", make.wrong(asked_first)).status_code == 302
    assert "Final Check" in plain(browser.get(f"{address}1/"))
    post(browser, second, asked_second, "draft", make.right(asked_second))
    hand_in = plain(browser.get(f"{address}hand-in/"))
    assert [words in hand_in for words in (MARK["rehearsal"], "Hand in and end the rehearsal")] == [True, True]
    assert browser.post(f"{address}hand-in/").url == address
    result = plain(browser.get(address))
    assert [words in result for words in ("1 of 2 points", MARK["rehearsal"], "Rehearse again")] == [True] * 3
    assert result.count("Because of the secret reason.") == 2
    front = plain(browser.get(f"/rehearse/{exam.pk}/"))
    assert f'<a href="{address}">' in front
    assert "1 of 2 points" in front


def test_a_script_gets_the_question_of_the_rehearsal_after_a_check(browser, learner, exam, review):
    finish(learner, review)
    _, ((name, question), _) = begun(browser, exam)
    page = checked_by_script(browser, name, question)
    assert f'id="q-{name}-card"' in page
    assert f'data-question="{name}"' in page
    assert Attempt.objects.filter(sitting__kind="rehearsal", question=question).count() == 1


def checked_by_script(browser, name, question):
    form = {"type": question.current.type, "number": "1", "next": "/"}
    form |= fields(question.current.type, f"q-{name}", make.wrong(question))
    return browser.post(f"/questions/{name}/check/", form, headers={"HX-Request": "true"}).content.decode()


def test_a_question_that_is_kept_as_rendered_names_its_own_rehearsal(browser, learner, course, exam, review):
    exam.draw[0]["count"] = 1
    exam.save()
    services.check_response(
        learner=learner,
        question_id=review.questions.first().pk,
        response=make.right(review.questions.first()),
        number=1,
        now=START,
    )
    _, ((name, question),) = begun(browser, exam)
    first = checked_by_script(browser, name, question)
    browser.post(f"/assessments/rehearsal-{name.partition('-')[0]}/hand-in/")
    _, ((other, _),) = begun(browser, exam)
    assert other != name
    second = checked_by_script(browser, other, question)
    assert (second.count(other), second.count(name)) == (first.count(name), 0)


def test_when_time_is_up_the_result_comes_by_itself(browser, learner, exam, review, clock):
    finish(learner, review)
    address, ((name, question), _) = begun(browser, exam)
    post(browser, name, question, "draft", make.right(question))
    clock.move_to(START + timedelta(hours=1))
    waiting = plain(browser.get(address))
    assert [words in waiting for words in ("Time is up", MARK["rehearsal"])] == [True, True]
    clock.move_to(START + timedelta(hours=1, seconds=30))
    assert "1 of 2 points" in plain(browser.get(address))


def test_pages_of_the_grade_and_the_banner_know_nothing_of_a_rehearsal(browser, learner, exam, review, course):
    finish(learner, review)
    pages = [f"/courses/{course.slug}/progress/", f"/courses/{course.slug}/", f"/assessments/{review.pk}/"]
    before = [without_tokens(browser.get(page)) for page in pages]
    _, ((name, question), _) = begun(browser, exam)
    post(browser, name, question, "check", make.wrong(question))
    assert [without_tokens(browser.get(page)) for page in pages] == before


def without_tokens(answer):
    return [line for line in answer.content.decode().splitlines() if "csrfmiddlewaretoken" not in line]


def test_while_the_exam_runs_a_rehearsal_waits(browser, learner, exam, review):
    finish(learner, review)
    address, _ = begun(browser, exam)
    browser.post(f"/assessments/{exam.pk}/start/")
    answer = browser.get(f"{address}1/")
    assert answer.status_code == 409
    assert "An exam of yours is running, so rehearsals wait." in plain(answer)
    assert "An exam of yours is running. Finish it first" in plain(browser.get(f"/rehearse/{exam.pk}/"))


def test_the_clock_of_a_rehearsal_answers_its_page(browser, learner, exam, review):
    finish(learner, review)
    begun(browser, exam)
    sitting = Sitting.every.get(kind="rehearsal")
    answer = browser.get(f"/sittings/{sitting.pk}/clock/").json()
    assert answer["deadline_at"] == (START + timedelta(hours=1)).isoformat()
    assert browser.get("/sittings/unknown/clock/").status_code == 404


def test_another_learner_finds_no_page_of_a_rehearsal(browser, learner, exam, review, course):
    finish(learner, review)
    address, ((name, question), _) = begun(browser, exam)
    browser.force_login(make.enroll(course=course))
    assert [browser.get(f"{address}{page}").status_code for page in ("", "1/", "hand-in/")] == [404, 404, 404]
    assert post(browser, name, question, "check", make.right(question)).status_code == 404


def test_a_teacher_takes_a_test_run_from_the_preview_of_an_exam_that_is_not_open(client, course, exam, clock):
    exam.opens_at = START + timedelta(days=1)
    exam.save()
    client.force_login(make.enroll(course=course, user=make.make_user(), role="instructor"))
    assert "Take a test run of this exam" in plain(client.get(f"/assessments/{exam.pk}/"))
    front = plain(client.get(f"/rehearse/{exam.pk}/"))
    assert [words in front for words in (MARK["test_run"], "Start a test run", "<dd>2</dd>")] == [True] * 3
    address, questions = begun(client, exam)
    assert MARK["test_run"] in plain(client.get(f"{address}1/"))
    for name, question in questions:
        post(client, name, question, "check", make.right(question))
    client.post(f"{address}hand-in/")
    result = plain(client.get(address))
    assert [words in result for words in ("2 of 2 points", MARK["test_run"])] == [True, True]
    assert result.count("Because of the secret reason.") == 2
