"""The dashboard: how far learners are, what runs, who is at risk by which signal, and what it costs."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from course.models import LessonVisit
from course.services import open_lesson
from quizzes import services
from quizzes.selectors import answering_in
from tests import factories as make
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture(autouse=True)
def teacher(client, course):
    person = instructor_of(course)
    client.force_login(person)
    return person


def opened(client, course):
    page = client.get(reverse("dashboard", args=[course.slug]))
    assert page.status_code == 200
    return page.context


def answer(learner, question, *, is_right=True, number=1, at=NOW):
    response = make.right(question) if is_right else make.wrong(question)
    services.submit_attempt(learner=learner, question_id=question.pk, response=response, number=number, now=at)


def make_content(course, questions=2):
    module = make.make_module(course=course, title="Lines", folder="01-lines")
    lesson = make.make_lesson(module=module)
    review = make.make_review(course=course, module=module, kinds=["true_false"] * questions)
    return lesson, review, make.make_exam(course=course, drawn=1, pool=1)


def test_the_funnel_counts_who_came_how_far(client, course, teacher):
    lesson, review, exam = make_content(course)
    learners = [make.enroll(course=course) for _ in range(5)]
    make.enroll(course=course, user=make.make_user(is_staff=True))
    make.enroll(course=course, unenrolled_at=NOW)
    open_lesson(user=learners[1], lesson=lesson, now=NOW)
    for learner in learners[2:]:
        answer(learner, review.questions.first())
    for learner in learners[3:]:
        answer(learner, review.questions.last())
    sitting, _ = services.start_sitting(learner=learners[4], assessment=exam, now=NOW)
    answer(learners[4], exam.questions.first())
    services.end_sitting(learner=learners[4], sitting_id=sitting.pk, now=NOW)
    steps = opened(client, course)["state"].steps
    assert [(step.title, step.count, step.share, step.done) for step in steps] == [
        ("enrolled", 5, 1.0, None),
        ("started", 4, 0.8, None),
        ("Lines", 3, 0.6, 2),
        ("exam", 1, 0.2, 1),
        ("passed", 1, 0.2, None),
    ]


def test_a_running_exam_stands_there_with_the_time_that_is_left(client, course):
    *_, exam = make_content(course)
    learner = make.enroll(course=course)
    services.start_sitting(learner=learner, assessment=exam, now=NOW - timedelta(minutes=48, seconds=5))
    page = client.get(reverse("dashboard", args=[course.slug]))
    assert [found.learner_id for found in page.context["state"].running] == [learner.pk]
    assert "11:55" in page.content.decode()


def test_each_signal_leads_to_the_learner_and_their_page_says_what_it_was_seen_by(client, course):
    _lesson, review, _exam = make_content(course, questions=6)
    wrong = make.enroll(course=course)
    for question in review.questions.all()[:5]:
        answer(wrong, question, is_right=False)
    away = make.enroll(course=course)
    away.enrollments.update(enrolled_at=NOW - timedelta(days=8))
    make.enroll(course=course)
    page = client.get(reverse("dashboard", args=[course.slug]))
    found = {each.learner.learner_id: [s.name for s in each.signals] for each in page.context["state"].at_risk}
    assert found == {wrong.pk: ["wrong", "tight"], away.pk: ["away"]}
    link = reverse("signals", args=[course.slug, wrong.pk])
    assert f'href="{link}#wrong"' in page.content.decode()
    evidence = client.get(link).content.decode()
    assert ('id="wrong"' in evidence, "5 of 5 final review questions ended wrong" in evidence) == (True, True)


@pytest.mark.parametrize("kind", ["credit", "void"])
def test_a_regraded_question_is_no_sign_of_risk_any_more(client, course, teacher, kind):
    _lesson, review, _exam = make_content(course, questions=6)
    learner = make.enroll(course=course)
    questions = list(review.questions.all())
    for question in questions[:5]:
        answer(learner, question, is_right=question is questions[0])
    assert [signal.name for signal in opened(client, course)["state"].at_risk[0].signals] == ["wrong", "tight"]
    for question in questions[1:4]:
        services.apply_regrade(course=course, question_id=question.pk, kind=kind, reason="r", author=teacher, now=NOW)
    evidence = client.get(reverse("signals", args=[course.slug, learner.pk])).context
    assert [attempt.question_id for attempt in evidence["ended_wrong"]] == [questions[4].pk]
    found = answering_in(course.pk)[learner.pk]
    assert (found.final, found.wrong) == ({"credit": 5, "void": 2}[kind], 1)


def test_reports_and_suspect_keys_are_counted(client, course):
    _lesson, review, _exam = make_content(course)
    learner = make.enroll(course=course)
    services.report_question(learner=learner, question_id=review.questions.first().pk, text="odd", now=NOW)
    services.compute_analysis(assessment_id=review.pk, now=NOW)
    context = opened(client, course)
    assert (context["reports"], context["suspects"]) == (1, 0)


def test_a_course_without_anybody_opens(client, course):
    assert opened(client, course)["state"].learners == 0


def test_it_costs_the_same_statements_at_three_and_thirty_learners(client, course):
    lesson, review, exam = make_content(course)
    costs = []
    for number in (3, 27):
        for _ in range(number):
            learner = make.enroll(course=course)
            LessonVisit.objects.create(user=learner, lesson=lesson, opened_at=NOW)
            answer(learner, review.questions.first(), is_right=False)
            services.start_sitting(learner=learner, assessment=exam, now=NOW)
        with counted_statements() as statements:
            opened(client, course)
        costs.append(len(statements))
    assert costs == [costs[0]] * 2


def test_a_learner_of_another_course_has_no_page_here(client, course):
    stranger = make.enroll(course=make.make_course())
    assert client.get(reverse("signals", args=[course.slug, stranger.pk])).status_code == 404
