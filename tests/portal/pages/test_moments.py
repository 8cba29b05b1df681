"""Passing the course and finishing a module show on Home and on the result."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from course.models import Lesson
from lessons.services import mark_lesson_done
from quizzes import services
from quizzes.models import Question
from tests import factories as make
from tests.forms import answer_form
from tests.portal.pages.test_home import make_numbered_course, text
from tests.portal.pages.test_progress import certified

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course(title="A course")


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


def result_page(learner, course):
    return f"/assessments/{learner.sittings.get(assessment__kind='exam', assessment__course=course).assessment_id}/"


def test_home_and_the_result_lead_to_the_certificate(browser, course, learner):
    certificate = certified(browser, course, learner)
    for address in ("/", result_page(learner, course)):
        page = text(browser.get(address))
        assert "You have passed A course" in page
        assert "Your overall grade is 100.0 %." in page
        assert f'href="/certificates/{certificate.code}/"' in page


def test_who_hands_in_and_passes_is_congratulated_once_by_name(browser, course, learner):
    type(learner).objects.filter(pk=learner.pk).update(name="Kofi Mensah")
    certified(browser, course, learner)
    sentence = "You passed, Kofi. Your certificate is ready."
    page = text(browser.get(result_page(learner, course)))
    assert (sentence in page, 'class="note ok passing" role="status"' in page) == (True, True)
    assert sentence not in text(browser.get(result_page(learner, course)))


def taken(browser, course, *, is_handed_in=True):
    """Take an exam with a right response, and return its review questions, which are still to be answered."""
    review, exam = make.make_review(course=course, questions=2), make.make_exam(course=course, drawn=1, pool=1)
    browser.post(f"/assessments/{exam.pk}/start/")
    question = exam.questions.get()
    browser.post(f"/questions/{question.pk}/check/", answer_form(question, make.right(question)))
    if is_handed_in:
        browser.post(f"/assessments/{exam.pk}/hand-in/")
    return review.questions.order_by("position")


PASSED = "You passed, Kofi. Your certificate is ready."


def test_who_passes_by_a_review_question_is_congratulated_once(browser, course, learner):
    type(learner).objects.filter(pk=learner.pk).update(name="Kofi Mensah")
    first, second = taken(browser, course)
    assert PASSED in checked(browser, first, make.right(first))
    assert PASSED not in checked(browser, first, make.right(first))  # sent again
    assert PASSED not in checked(browser, second, make.right(second))


def test_the_last_square_fills_beside_the_sentence(browser, course, learner):
    first, _ = taken(browser, course)
    card = checked(browser, first, make.right(first))
    assert "passing" in card
    assert '<rect class="cell-live" x="64"' in card.partition("passing")[2].partition("</p>")[0]
    assert "passing" not in checked(browser, first, make.right(first))


def test_who_passes_by_a_review_question_without_a_script_is_congratulated_once(browser, course, learner):
    type(learner).objects.filter(pk=learner.pk).update(name="Kofi Mensah")
    first, _ = taken(browser, course)
    browser.post(f"/questions/{first.pk}/check/", answer_form(first, make.right(first)))
    assert PASSED in text(browser.get(f"/assessments/{first.assessment_id}/"))
    assert PASSED not in text(browser.get(f"/assessments/{first.assessment_id}/"))


def test_who_passes_when_time_is_up_is_congratulated_once(browser, course, learner):
    type(learner).objects.filter(pk=learner.pk).update(name="Kofi Mensah")
    for question in taken(browser, course, is_handed_in=False):
        checked(browser, question, make.right(question))
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        browser.force_login(learner)
        page = text(browser.get(result_page(learner, course)))
        assert (PASSED in page, "Your time ran out" in page) == (True, True)
        assert PASSED not in text(browser.get(result_page(learner, course)))


def test_who_passes_when_the_sweeper_grades_is_congratulated_at_the_next_visit_and_once(browser, course, learner):
    type(learner).objects.filter(pk=learner.pk).update(name="Kofi Mensah")
    for question in taken(browser, course, is_handed_in=False):
        checked(browser, question, make.right(question))
    over = timezone.now() + timedelta(days=1)
    with time_machine.travel(over, tick=True):
        assert services.settle_due_one_by_one(now=timezone.now()) == 1
    with time_machine.travel(over + timedelta(hours=1), tick=True):
        browser.force_login(learner)
        assert PASSED in text(browser.get(result_page(learner, course)))
        assert PASSED not in text(browser.get(result_page(learner, course)))


def test_who_hands_in_without_passing_is_not_congratulated(browser, course, learner):
    exam = make.make_exam(course=course, drawn=1, pool=1)
    browser.post(f"/assessments/{exam.pk}/start/")
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    assert "You passed" not in text(browser.get(f"/assessments/{exam.pk}/"))


def test_a_revoked_certificate_is_no_pass_on_home_or_the_result(browser, course, learner):
    certificate = certified(browser, course, learner)
    certificate.events.create(kind="revoked", reason="regraded", created_at=make.NOW)
    for address in ("/", result_page(learner, course)):
        page = text(browser.get(address))
        assert f"/certificates/{certificate.code}/" not in page
        assert "Anyone with the link can verify" not in page


def test_nobody_else_sees_a_pass(client, browser, course, learner):
    certified(browser, course, learner)
    client.force_login(make.enroll(course=course))
    assert "You have passed" not in text(client.get("/"))


def finish(learner, module, *, questions=True):
    for lesson in module.lessons.all():
        mark_lesson_done(user=learner, lesson=lesson, now=make.NOW)
    for question in Question.objects.filter(assessment__module=module) if questions else ():
        services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=make.NOW
        )


@pytest.mark.parametrize(("with_questions", "is_shown"), [(True, True), (False, False)])
def test_home_says_when_a_module_is_done(client, with_questions, is_shown):
    course = make_numbered_course(modules=2)
    learner = make.enroll(course=course)
    client.force_login(learner)
    first, second = course.modules.filter(folder__endswith="part").order_by("position")
    assert "is done" not in text(client.get("/"))
    finish(learner, first, questions=with_questions)
    assert ("Module 1 is done: Part 1" in text(client.get("/"))) is is_shown
    client.get(f"/lessons/{second.lessons.get().pk}/")
    assert "is done" not in text(client.get("/"))
    assert Lesson.objects.count() == 2


def test_review_questions_that_are_all_final_lead_on(client):
    course = make_numbered_course(modules=2)
    learner = make.enroll(course=course)
    client.force_login(learner)
    first = course.modules.filter(folder__endswith="part").order_by("position").first()
    address = f"/assessments/{Question.objects.filter(assessment__module=first).first().assessment_id}/"
    assert shown(client.get(address)) == "Next open question"
    finish(learner, first)
    assert shown(client.get(address)) == "All final. Continue"


def shown(response):
    """The one way on that is shown beside the questions."""
    ways = response.content.decode().partition('class="next-open')[2].partition("</p>")[0]
    (link,) = [way for way in re.findall(r"<a\b.*?</a>", ways, re.DOTALL) if "hidden" not in way.partition(">")[0]]
    return " ".join(re.sub(r"<[^>]+>", " ", link).split())


def test_the_lesson_that_fills_the_row_of_a_module_says_so_once(client):
    course = make.make_course()
    module = make.make_module(course=course, folder="01-part", title="Part 1")
    first, last = make.make_lesson(module=module), make.make_lesson(module=module)
    learner = make.enroll(course=course)
    client.force_login(learner)
    full = "Every square of “Part 1” is full. That was its last page."
    assert full not in text(client.get(f"/lessons/{last.pk}/"))
    mark_lesson_done(user=learner, lesson=first, now=timezone.now())
    page = text(client.get(f"/lessons/{last.pk}/"))
    assert full in page.partition("<template>")[2].partition("</template>")[0]  # shown when the lesson is read
    mark_lesson_done(user=learner, lesson=last, now=timezone.now())
    assert full not in text(client.get(f"/lessons/{last.pk}/"))


FIRST = "Your first correct answer. You are on your way."


def checked(client, question, response, number=1):
    """Check a response as the page's script does."""
    form = answer_form(question, response, number=number)
    return text(client.post(f"/questions/{question.pk}/check/", form, HTTP_HX_REQUEST="true"))


def test_the_first_correct_answer_of_a_course_is_answered_once(client, course):
    review, later = (make.make_review(course=course, kinds=["numeric"] * 2) for _ in range(2))
    client.force_login(make.enroll(course=course))
    first, second = review.questions.order_by("position")
    assert FIRST not in checked(client, first, make.wrong(first))
    right = checked(client, first, make.right(first), number=2)
    assert FIRST in right
    assert FIRST not in checked(client, first, make.right(first), number=2)  # sent again
    assert FIRST not in checked(client, second, make.right(second))
    assert FIRST not in checked(client, later.questions.first(), make.right(later.questions.first()))


def test_an_exam_does_not_interrupt_with_the_first_correct_answer(client, course):
    exam, learner = make.make_exam(course=course, drawn=1, pool=1), make.enroll(course=course)
    services.start_sitting(learner=learner, assessment=exam, now=timezone.now())
    client.force_login(learner)
    question = exam.questions.get()
    page = checked(client, question, make.right(question))
    assert ("Correct. This question is final." in page, FIRST in page) == (True, False)
