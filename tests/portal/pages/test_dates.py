"""Before the opening, at it, after the closing: what pages show and accept (D22)."""

from datetime import timedelta

import pytest
import time_machine

from course.models import Course
from labs.models import Lab
from quizzes import services
from quizzes.models import Attempt
from tests import factories as make
from tests.forms import answer_form
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
OPENS = make.NOW + timedelta(days=1)
CLOSES = make.NOW + timedelta(days=2)


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def module(course):
    return make.make_module(course=course, folder="02-later", opens_at=OPENS, closes_at=CLOSES)


@pytest.fixture
def browser(client, course):
    client.force_login(make.enroll(course=course, user=make.make_user(timezone="Europe/Berlin")))
    return client


def at(now):
    return time_machine.travel(now, tick=False)


@pytest.mark.parametrize(("now", "status"), [(OPENS - TICK, 409), (OPENS, 200), (CLOSES, 200)])
def test_a_lesson_opens_at_its_modules_opening_and_stays_readable(browser, module, now, status):
    lesson = make.make_lesson(module=module)
    with at(now):
        page = browser.get(f"/lessons/{lesson.pk}/")
        api = browser.get(f"/api/v1/lessons/{lesson.pk}/")
        done = browser.post(f"/lessons/{lesson.pk}/done/")
    assert (page.status_code, api.status_code, done.status_code) == (status, status, 302 if status == 200 else 409)
    if status == 409:
        assert "This module is not open yet. Come back when it opens: 25 November 2026, 13:00 (Europe/Berlin)." in (
            page.content.decode()
        )
        assert api.json()["code"] == "module_not_open"


def test_the_outline_lists_what_is_not_open_with_its_date_in_the_readers_zone(browser, course, module):
    lesson = make.make_lesson(module=module, title="Later lesson")
    with at(OPENS - TICK):
        before = browser.get(f"/courses/{course.slug}/").content.decode()
        home = browser.get("/").content.decode()
    with at(OPENS):
        after = browser.get(f"/courses/{course.slug}/").content.decode()
    when = '<time datetime="2026-11-25T12:00:00+00:00">25 November 2026, 13:00 (Europe/Berlin)</time>'
    assert ("Later lesson" in before, f"Opens {when}" in before) == (True, True)
    assert '<time class="state-word" datetime="2026-11-25T13:00:00+01:00">Opens 25 Nov</time>' in before
    assert ("Later lesson" in after, "Opens" in after) == (True, False)
    assert f"/lessons/{lesson.pk}/" not in home, "nothing to continue with is open"


def test_search_finds_a_lesson_only_once_it_is_open(browser, module):
    make.make_lesson(module=module, title="Zebra", html="<p>stripes</p>")
    make.publish_search_of(module.course)
    with at(OPENS - TICK):
        assert "Zebra" not in browser.get("/search/?q=stripes").content.decode()
    with at(OPENS):
        assert "Zebra" in browser.get("/search/?q=stripes").content.decode()


def test_anyone_reads_the_open_lesson_before_the_course_opens(client):
    course = make.make_course(opens_at=OPENS)
    module = make.make_module(course=course)
    first, second = make.make_lesson(module=module, is_open=True), make.make_lesson(module=module)
    with at(OPENS - TICK):
        assert client.get(f"/lessons/{first.pk}/").status_code == 200
        client.force_login(make.enroll(course=course))
        assert client.get(f"/lessons/{second.pk}/").status_code == 409


def test_review_questions_are_shown_from_the_opening_and_closed_from_the_closing(browser, course, module):
    review = make.make_review(course=course, module=module, kinds=["numeric"])
    question = review.questions.get()
    form = answer_form(question, make.right(question), number=1)
    with at(OPENS - TICK):
        assert browser.get(f"/assessments/{review.pk}/").status_code == 409
        assert browser.get(f"/api/v1/assessments/{review.pk}/").json()["code"] == "assessment_not_open"
        assert browser.post(f"/questions/{question.pk}/check/", form).status_code == 409
    with at(OPENS):
        page = browser.get(f"/assessments/{review.pk}/").content.decode()
        assert ("data-check" in page, "Closes <time" in page) == (True, True)
        limits = browser.get(f"/api/v1/assessments/{review.pk}/").json()["limits"]
        assert limits == {
            "seconds": None,
            "opens_at": "2026-11-25T12:00:00Z",
            "due_at": None,
            "closes_at": "2026-11-26T12:00:00Z",
        }
    with at(CLOSES):
        page = browser.get(f"/assessments/{review.pk}/").content.decode()
        assert "These questions are closed. Your responses are kept and graded." in page
        assert 'name="number"' not in page
        assert browser.post(f"/questions/{question.pk}/check/", form).status_code == 409
    assert Attempt.objects.count() == 0
    with at(CLOSES - TICK):
        browser.post(f"/questions/{question.pk}/check/", form)
    assert Attempt.objects.get().received_at == CLOSES - TICK


def test_the_page_before_an_exam_offers_start_only_while_the_exam_is_open(browser, course, module):
    exam = make.make_exam(course=course, module=module)
    said = {}
    for now in (OPENS - TICK, OPENS, CLOSES - timedelta(minutes=20), CLOSES):
        with at(now):
            page = browser.get(f"/assessments/{exam.pk}/").content.decode()
            said[now] = [
                each for each in ("You cannot start yet.", "Start the exam</b", "The exam closed") if each in page
            ]
            said[now] += ["start"] if f'action="/assessments/{exam.pk}/start/"' in page else []
            if now == CLOSES - timedelta(minutes=20):
                assert ">13:00:00</time>" in page, "the exam ends when it closes"
    assert said[OPENS - TICK] == ["You cannot start yet."]
    assert said[OPENS] == said[CLOSES - timedelta(minutes=20)] == ["start"]
    assert said[CLOSES] == ["The exam closed"]


def test_the_page_before_an_exam_says_if_the_exam_closes_before_the_full_time_is_over(browser, course, module):
    exam = make.make_exam(course=course, module=module)
    found = {}
    for left in (timedelta(hours=2), timedelta(minutes=20)):
        with at(CLOSES - left):
            found[left] = "before your full time is over" in browser.get(f"/assessments/{exam.pk}/").content.decode()
    assert list(found.values()) == [False, True]


def test_an_exam_that_runs_ends_when_its_module_closes(course, module):
    exam = make.make_exam(course=course, module=module)
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=CLOSES - timedelta(minutes=20))
    assert sitting.deadline_at == CLOSES
    module.closes_at = OPENS
    module.save()
    sitting.refresh_from_db()
    assert sitting.deadline_at == CLOSES


def test_an_instructor_previews_what_is_not_open(client, course, module):
    lesson = make.make_lesson(module=module)
    review = make.make_review(course=course, module=module)
    client.force_login(instructor_of(course))
    with at(OPENS - TICK):
        assert client.get(f"/lessons/{lesson.pk}/").status_code == 200
        assert client.get(f"/assessments/{review.pk}/").status_code == 200


def test_a_lab_is_closed_before_its_module_opens_and_its_tests_once_it_closes(browser, course, module):
    cells = [{"id": "1", "type": "code", "source": "print(1)"}]
    tests = [{"name": "prints", "points": 1}]
    lab = Lab.objects.create(course=course, module=module, key="lab", title="Lab", source="", cells=cells, tests=tests)
    sources = [{"id": "1", "source": "print(2)"}]

    def run(mode, now):
        with at(now):
            body = {"mode": mode, "cells": sources}
            answer = browser.post(f"/api/v1/labs/{lab.pk}/runs/", body, content_type="application/json")
        return answer.json().get("code", answer.status_code)

    with at(OPENS - TICK):
        for address in (f"/labs/{lab.pk}/", f"/api/v1/labs/{lab.pk}/", f"/api/v1/labs/{lab.pk}/notebook/"):
            assert browser.get(address).status_code == 409
    assert run("all", OPENS - TICK) == "module_not_open"
    assert run("all", OPENS) == 202
    assert run("test", CLOSES - TICK) == 202
    assert run("test", CLOSES) == "module_closed"
    assert run("all", CLOSES) == 202


def test_the_api_names_the_dates_in_the_outline(browser, course, module):
    make.make_review(course=course, module=module, due_at=CLOSES - TICK)
    (found,) = list(browser.get(f"/api/v1/courses/{course.slug}/").json()["modules"])
    (review,) = found["assessments"]
    assert (found["opens_at"], found["due_at"], found["closes_at"]) == (
        "2026-11-25T12:00:00Z",
        None,
        "2026-11-26T12:00:00Z",
    )
    assert (review["opens_at"], review["due_at"], review["closes_at"]) == (
        "2026-11-25T12:00:00Z",
        "2026-11-26T11:59:59.999999Z",
        "2026-11-26T12:00:00Z",
    )


def test_pages_follow_a_changed_date_at_once(browser, course, module):
    lesson = make.make_lesson(module=module)
    with at(OPENS - TICK):
        assert browser.get(f"/lessons/{lesson.pk}/").status_code == 409
        Course.objects.filter(pk=course.pk).update(opens_at=None)
        module.opens_at = OPENS - TICK
        module.save()
        assert browser.get(f"/lessons/{lesson.pk}/").status_code == 200


def test_the_outline_names_the_closing_of_the_course_once_and_of_a_module_beside_it(client):
    course = make.make_course(closes_at=CLOSES)
    for number in range(2):
        make.make_lesson(module=make.make_module(course=course, folder=f"0{number}-module"))
    make.make_lesson(module=make.make_module(course=course, folder="09-last", closes_at=OPENS))
    with at(OPENS - TICK):
        page = client.get(f"/courses/{course.slug}/").content.decode()
    assert page.count('Closes <time datetime="2026-11-26T12:00:00+00:00">') == 1
    assert page.count('Closes <time datetime="2026-11-25T12:00:00+00:00">') == 1
