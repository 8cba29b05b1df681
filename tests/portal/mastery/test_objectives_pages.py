"""The pages of objectives: a learner's own, and the class as staff see it."""

import re

import pytest
from django.urls import reverse

from people.services import set_groups
from tests import factories as make
from tests.labs.making import make_test_run
from tests.portal.mastery.making import (
    LINES,
    NOW,
    TENSORS,
    check,
    hand_in,
    make_asking,
    make_objectives_course,
    make_tested_lab,
    questions_of,
    start,
)
from tests.portal.workplace.people import everyone, instructor_of, staff_in
from tests.portal.workplace.test_viewing import view_as
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOTHING = "No question and no lab test measures"


@pytest.fixture
def course():
    return make_objectives_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


def text(response):
    assert response.status_code == 200
    return re.sub(r"(<[^>]*>|\s)+", " ", response.content.decode())


def own(client, course):
    return client.get(reverse("objectives", args=[course.slug]))


def of_class(client, course, **asked):
    return client.get(reverse("class_objectives", args=[course.slug]), asked)


def answer_everything(course, learner):
    """Answer four review questions, one of them wrong, two exam questions and a lab about tensors."""
    first, *others = questions_of(make_asking("review", course, *[TENSORS] * 4))
    check(learner, first, False, False)
    for question in others:
        check(learner, question, True)
    exam = make_asking("exam", course, TENSORS, TENSORS)
    sitting = start(learner, exam)
    check(learner, questions_of(exam)[0], True)
    hand_in(learner, sitting)
    make_test_run(make_tested_lab(course, TENSORS), learner, "passed")


# The learner's page


def test_progress_leads_to_the_objectives(browser, course):
    page = browser.get(reverse("progress", args=[course.slug]))
    assert f'href="{reverse("objectives", args=[course.slug])}"' in page.content.decode()


def test_before_any_answer_the_page_says_what_it_will_show(browser, course):
    make_asking("review", course, TENSORS)
    page = text(own(browser, course))
    assert "Explain tensors. No answers yet" in page
    assert "once you have answered a review question for the last time" in page
    assert "Read again" not in page


def test_answers_are_counted_by_source_without_a_percentage_and_a_wrong_one_leads_to_the_lesson(
    browser, course, learner
):
    answer_everything(course, learner)
    response = own(browser, course)
    page = text(response)
    assert "3 of 4 review questions right 1 of 2 exam questions right 1 of 1 lab test passed Read again:" in page
    assert f'href="{reverse("lesson", args=[course.modules.first().lessons.get().pk])}"' in response.content.decode()
    assert ("%" in page, page.count("Read again:"), page.count("No answers yet")) == (False, 1, 2)


def test_few_answers_say_that_they_are_few(browser, course, learner):
    for question in questions_of(make_asking("review", course, LINES, LINES, LINES)):
        check(learner, question, True)
    page = text(own(browser, course))
    assert "3 of 3 review questions right Too few answers to say more" in page


def test_a_course_without_objectives_says_so(client):
    course = make.make_course()
    client.force_login(make.enroll(course=course))
    assert "This course names no objectives." in text(own(client, course))


def test_staff_preview_the_page_without_answers(client, course, learner):
    answer_everything(course, learner)
    client.force_login(instructor_of(course))
    page = text(own(client, course))
    assert "This is a preview." in page
    assert not any(words in page for words in ("questions right", "No answers yet", "Read again:"))


def test_staff_who_view_as_a_learner_see_the_learners_page(client, course, learner):
    answer_everything(course, learner)
    client.force_login(instructor_of(course))
    view_as(client, course, learner)
    assert "3 of 4 review questions right" in text(own(client, course))


def test_visitors_sign_in_and_people_outside_the_course_are_refused(client, course):
    assert own(client, course).status_code == 302
    client.force_login(make.make_user())
    assert own(client, course).status_code == 403
    course.visibility = "private"
    course.save()
    assert own(client, course).status_code == 404


def test_a_page_that_is_read_writes_nothing_and_settles_an_exam_whose_time_is_up(browser, course, learner):
    exam = make_asking("exam", course, TENSORS)
    start(learner, exam)  # in November, so its time was up long ago
    assert "0 of 1 exam question right" in text(own(browser, course))
    with counted_statements() as sent:
        own(browser, course)
    assert [statement for statement in sent if re.search(r"INSERT INTO|UPDATE \"|DELETE FROM", statement)] == []
    assert sent


# The class


def test_questions_lead_to_the_class_by_objective(client, course):
    client.force_login(staff_in(course, "observer"))
    page = client.get(reverse("analysis", args=[course.slug])).content.decode()
    assert f'href="{reverse("class_objectives", args=[course.slug])}"' in page


def test_the_class_is_counted_by_objective_and_unmeasured_objectives_are_named(client, course, learner):
    answer_everything(course, learner)
    client.force_login(instructor_of(course))
    page = text(of_class(client, course))
    assert "3 of 4 right 1 learner 4 questions 1 of 2 right 1 learner 2 questions 1 of 1 right 1 learner 1 test" in page
    assert f"{NOTHING} these 2 objectives: Explain lines. Explain graphs." in page
    assert page.count("not measured") == 2


def test_an_objective_with_questions_and_no_answers_shows_the_number_of_questions(client, course):
    make_asking("review", course, *[TENSORS, LINES, "graphs"])
    client.force_login(instructor_of(course))
    page = text(of_class(client, course))
    assert NOTHING not in page
    assert "Explain lines. 1 question – –" in page


def test_the_class_may_be_one_group(client, course, learner):
    teacher = instructor_of(course)
    answer_everything(course, learner)
    other = make.enroll(course=course)
    set_groups(course=course, learner_id=other.pk, names=["a"], author=teacher, now=NOW)
    client.force_login(teacher)
    assert "3 of 4 right" in text(of_class(client, course))
    assert "3 of 4 right" not in text(of_class(client, course, group="a"))
    assert of_class(client, course, group="b").status_code == 400


def test_a_course_without_objectives_tells_staff_where_to_name_them(client):
    course = make.make_course()
    client.force_login(instructor_of(course))
    assert "A module names its objectives in module.yaml." in text(of_class(client, course))


def test_only_those_who_see_the_analysis_see_the_class(client, course):
    seen = {}
    for role, person in everyone(course).items():
        client.logout()
        if person is not None:
            client.force_login(person)
        seen[role] = of_class(client, course).status_code
    for role in ("assistant", "observer", "author"):
        client.force_login(staff_in(course, role))
        seen[role] = of_class(client, course).status_code
    assert {role for role, status in seen.items() if status == 200} == {
        *("instructor", "superuser", "assistant", "observer"),
    }
    assert (seen["learner"], seen["author"]) == (404, 403)
