"""Practice on final review questions: checked by the server, stored nowhere, and never part of a grade."""

import pytest

from grading.models import GradeChange, Score
from grading.selectors.grades import course_grade
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingQuestion
from tests import factories as make
from tests.forms import answer_form
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
RECORDS = (Attempt, Sitting, SittingQuestion, Score, GradeChange)


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


def finish(learner, question, *, is_right=True):
    for number in range(1, 2 if is_right else question.current.attempts_limit + 1):
        response = make.right(question) if is_right else make.wrong(question, variant=number)
        services.check_response(
            learner=learner, question_id=question.pk, response=response, number=number, now=make.NOW
        )


def final_question(learner, course, kind="single_choice", **how):
    question = make.make_review(course=course, kinds=[kind]).questions.get()
    finish(learner, question, **how)
    return question


def practice(browser, question, response):
    return browser.post(f"/questions/{question.pk}/practice/", answer_form(question, response))


def records():
    return [list(model.objects.order_by("pk").values()) for model in RECORDS]


@pytest.mark.parametrize("kind", sorted(make.SOURCES))
@pytest.mark.parametrize("was_right", [True, False])
def test_practice_tells_right_from_wrong_and_stores_nothing(browser, learner, course, kind, was_right):
    question = final_question(learner, course, kind, is_right=was_right)
    before, grade = records(), course_grade(learner.pk, course.pk)
    for response, words in [
        (make.wrong(question), "Not correct. Try again; your grade stays as it is."),
        (make.right(question), "Correct. Your grade stays as it is."),
    ] * 2:
        page = text(practice(browser, question, response))
        assert words in page
        assert "Because of the secret reason." in page
    assert records() == before
    assert course_grade(learner.pk, course.pk) == grade


def test_the_page_begins_empty_and_says_what_it_is(browser, learner, course):
    question = final_question(learner, course, "text")
    page = text(browser.get(f"/questions/{question.pk}/practice/"))
    assert "This is practice. Answer as often as you like: nothing here is stored" in page
    assert "relu" not in page
    assert "Because of the secret reason." not in page


def test_a_final_question_leads_to_its_practice_and_an_open_one_does_not(browser, learner, course):
    first, second = make.make_review(course=course).questions.order_by("position")
    finish(learner, first)
    page = text(browser.get(f"/assessments/{first.assessment_id}/"))
    assert f'href="/questions/{first.pk}/practice/">Practice this question again</a>' in page
    assert f"/questions/{second.pk}/practice/" not in page


def test_final_questions_lead_to_each_other(browser, learner, course):
    first, second, third = make.make_review(course=course, questions=3).questions.order_by("position")
    for question in (first, third):
        finish(learner, question)
    page = text(browser.get(f"/questions/{first.pk}/practice/"))
    assert f'href="/questions/{third.pk}/practice/" rel="next"' in page
    assert 'rel="prev"' not in page
    assert f"/questions/{second.pk}/practice/" not in page


@pytest.mark.parametrize("attempts", [0, 1])
def test_an_open_question_cannot_be_practiced(browser, learner, course, attempts):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    for number in range(1, attempts + 1):
        services.check_response(
            learner=learner, question_id=question.pk, response=make.wrong(question), number=number, now=make.NOW
        )
    before = records()
    for answer in (
        browser.get(f"/questions/{question.pk}/practice/"),
        practice(browser, question, make.right(question)),
    ):
        assert answer.status_code == 409
        assert "You can practice a review question once you see its correct answer" in text(answer)
        assert "secret reason" not in text(answer)
    assert records() == before


def test_a_question_of_an_exam_cannot_be_practiced_even_when_it_is_over(browser, learner, course):
    exam = make.make_exam(course=course, drawn=1, pool=1)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=make.NOW)
    question = exam.questions.get()
    finish(learner, question)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=make.NOW)
    assert practice(browser, question, make.right(question)).status_code == 409


def test_strangers_and_staff_practice_nothing(client, learner, course):
    question = final_question(learner, course)
    address = f"/questions/{question.pk}/practice/"
    assert client.get(address).status_code == 302
    client.force_login(make.make_user())
    assert client.get(address).status_code == 403
    client.force_login(instructor_of(course))
    assert client.get(address).status_code == 409


def test_a_blank_response_is_named_and_no_verdict_is_given(browser, learner, course):
    question = final_question(learner, course, "text")
    answer = practice(browser, question, "")
    assert answer.status_code == 400
    assert "Nothing was checked" in text(answer)
    assert "stays as it is" in text(answer)
    assert "Correct answer and explanation" not in text(answer)


def test_practice_follows_a_correction_of_the_question(browser, learner, course):
    question = final_question(learner, course, "numeric", is_right=False)
    services.apply_regrade(
        course=course,
        question_id=question.pk,
        kind="accept",
        response="7",
        reason="It is right, too.",
        author=instructor_of(course),
        now=make.NOW,
    )
    assert "Correct. Your grade" in text(practice(browser, question, "7"))


def test_the_number_of_statements_does_not_depend_on_the_number_of_questions(browser, learner, course):
    counts = []
    for questions in (1, 4):
        review = make.make_review(course=course, questions=questions)
        for question in review.questions.all():
            finish(learner, question)
        browser.get(f"/questions/{question.pk}/practice/")
        with counted_statements() as statements:
            browser.get(f"/questions/{question.pk}/practice/")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_page_that_cannot_be_shown_yet_does_not_speak_of_saving(browser, course):
    question = make.make_review(course=course, kinds=["single_choice"]).questions.get()
    refused = browser.get(f"/questions/{question.pk}/practice/")
    assert refused.status_code == 409
    assert "Not possible now" in text(refused)
    assert "save that" not in text(refused)


def test_practice_counts_the_final_questions_only(browser, learner, course):
    first, second, third = make.make_review(course=course, questions=3).questions.order_by("position")
    finish(learner, first)
    finish(learner, third)
    assert "Question 1 of 2" in text(browser.get(f"/questions/{first.pk}/practice/"))
    assert "Question 2 of 2" in text(browser.get(f"/questions/{third.pk}/practice/"))
    assert browser.get(f"/questions/{second.pk}/practice/").status_code == 409


def test_a_right_practice_response_leads_to_the_next_question(browser, learner, course):
    first, last = make.make_review(course=course, questions=2).questions.order_by("position")
    finish(learner, first)
    finish(learner, last)
    way = f'class="btn primary" href="/questions/{last.pk}/practice/"'
    assert way not in " ".join(practice(browser, first, make.wrong(first)).text.split())
    assert way in " ".join(practice(browser, first, make.right(first)).text.split())
    assert 'class="btn primary" data-check' in " ".join(practice(browser, last, make.right(last)).text.split())
