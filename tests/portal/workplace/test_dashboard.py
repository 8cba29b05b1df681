"""The dashboard: how far learners are, running exams, who is at risk by which signal, and its number of queries."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from lessons.models import LessonVisit
from lessons.services import open_lesson
from operations.services import copy_histories
from portal.rights.services import erase_person
from quizzes import services
from quizzes.models import Overview
from quizzes.queue import COMPUTE_OVERVIEW
from quizzes.selectors.learner_progress import answering_in
from quizzes.tasks import compute_overview_task
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
    services.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=at)


def make_content(course, questions=2):
    module = make.make_module(course=course, title="Lines", folder="01-lines")
    lesson = make.make_lesson(module=module)
    review = make.make_review(course=course, module=module, kinds=["true_false"] * questions)
    return lesson, review, make.make_exam(course=course, drawn=1, pool=1)


def test_the_funnel_counts_learners_by_step(client, course, teacher):
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
    services.hand_in_sitting(learner=learners[4], sitting_id=sitting.pk, now=NOW)
    steps = opened(client, course)["overview"].steps
    assert [(step.title, step.count, step.share, step.done) for step in steps] == [
        ("enrolled", 5, 1.0, None),
        ("started", 4, 0.8, None),
        ("Lines", 3, 0.6, 2),
        ("exam", 1, 0.2, 1),
        ("passed", 1, 0.2, None),
    ]


def test_a_running_exam_shows_the_time_left(client, course):
    *_, exam = make_content(course)
    learner = make.enroll(course=course)
    services.start_sitting(learner=learner, assessment=exam, now=NOW - timedelta(minutes=48, seconds=5))
    page = client.get(reverse("dashboard", args=[course.slug]))
    assert [found.learner_id for found in page.context["exams"]] == [learner.pk]
    assert "11:55" in page.content.decode()


def test_each_signal_links_to_the_learner_and_its_evidence(client, course):
    _lesson, review, _exam = make_content(course, questions=6)
    wrong = make.enroll(course=course)
    for question in review.questions.all()[:5]:
        answer(wrong, question, is_right=False)
    away = make.enroll(course=course)
    away.enrollments.update(enrolled_at=NOW - timedelta(days=8))
    make.enroll(course=course)
    page = client.get(reverse("dashboard", args=[course.slug]))
    found = {each.learner_id: [s.name for s in each.signals] for each in page.context["overview"].at_risk}
    assert found == {wrong.pk: ["wrong", "tight"], away.pk: ["away"]}
    link = reverse("signals", args=[course.slug, wrong.pk])
    assert f'href="{link}#wrong"' in page.content.decode()
    evidence = client.get(link).content.decode()
    assert ('id="wrong"' in evidence, "5 of 5 final review questions are incorrect" in evidence) == (True, True)


@pytest.mark.parametrize("kind", ["credit", "void"])
def test_a_regraded_question_no_longer_signals_risk(client, course, teacher, kind):
    _lesson, review, _exam = make_content(course, questions=6)
    learner = make.enroll(course=course)
    questions = list(review.questions.all())
    for question in questions[:5]:
        answer(learner, question, is_right=question is questions[0])
    assert [signal.name for signal in opened(client, course)["overview"].at_risk[0].signals] == ["wrong", "tight"]
    for question in questions[1:4]:
        services.apply_regrade(course=course, question_id=question.pk, kind=kind, reason="r", author=teacher, now=NOW)
    evidence = client.get(reverse("signals", args=[course.slug, learner.pk])).context
    assert [attempt.question_id for attempt in evidence["ended_wrong"]] == [questions[4].pk]
    found = answering_in(course.pk, [learner.pk])[learner.pk]
    assert (found.final, found.wrong) == ({"credit": 5, "void": 2}[kind], 1)


def test_reports_and_suspect_keys_are_counted(client, course):
    _lesson, review, _exam = make_content(course)
    learner = make.enroll(course=course)
    services.report_question(learner=learner, question_id=review.questions.first().pk, text="odd", now=NOW)
    services.compute_analysis(assessment_id=review.pk, now=NOW)
    context = opened(client, course)
    assert (context["reports"], context["suspects"]) == (1, 0)


def test_a_course_without_anybody_opens(client, course):
    assert opened(client, course)["overview"].learners == 0


@pytest.mark.parametrize("is_large", [False, True])
def test_it_costs_the_same_statements_at_3_and_300_learners(client, course, monkeypatch, is_large):
    lesson, review, exam = make_content(course)
    learners = [make.enroll(course=course) for _ in range(3)]
    for learner in learners:
        LessonVisit.objects.create(user=learner, lesson=lesson, opened_at=NOW)
        answer(learner, review.questions.first(), is_right=False)
        services.start_sitting(learner=learner, assessment=exam, now=NOW)
    costs = []
    for number in (3, 300):
        list(copy_histories(usernames=[each.username for each in learners], copies=number // 3 - 1))
        if is_large:
            make_large(monkeypatch)
            services.compute_overview(course_id=course.pk, now=NOW)
        with counted_statements() as statements:
            assert opened(client, course)["overview"].learners == number
        costs.append(len(statements))
    assert costs == [costs[0]] * 2


def make_large(monkeypatch):
    """Let every course with more than two learners count as large."""
    monkeypatch.setattr(services.overviews, "CHUNK", 2)
    monkeypatch.setattr("quizzes.selectors.overview.CHUNK", 2)


@pytest.fixture
def woken(monkeypatch):
    found = []
    monkeypatch.setattr(services.overviews, "wake", lambda *message: found.append(message))
    return found


def test_a_large_course_shows_what_a_worker_computed_and_when(client, course, monkeypatch, woken):
    _lesson, review, exam = make_content(course, questions=6)
    learners = [make.enroll(course=course) for _ in range(5)]
    for question in review.questions.all()[:5]:
        answer(learners[0], question, is_right=False)
    answer(learners[1], review.questions.first())
    services.start_sitting(learner=learners[2], assessment=exam, now=NOW)
    learners[3].enrollments.update(enrolled_at=NOW - timedelta(days=8))
    small = opened(client, course)["overview"]
    assert (small.learners, small.number_at_risk, woken) == (5, 2, [])
    make_large(monkeypatch)
    page = client.get(reverse("dashboard", args=[course.slug]))
    assert "computed in the background" in page.content.decode()
    assert ([exam.learner_id for exam in page.context["exams"]], page.context["overview"]) == ([learners[2].pk], None)
    assert woken == [(COMPUTE_OVERVIEW, course.pk)]
    compute_overview_task(course.pk)
    page = client.get(reverse("dashboard", args=[course.slug]))
    assert page.context["overview"] == small
    assert "As of" not in page.content.decode()
    with time_machine.travel(NOW + timedelta(minutes=9), tick=False):
        page = client.get(reverse("dashboard", args=[course.slug]))
    assert (page.context["overview"], len(woken)) == (small, 1)
    assert "As of" in page.content.decode()
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert opened(client, course)["overview"] == small
        assert opened(client, course)["overview"] == small
    assert woken == [(COMPUTE_OVERVIEW, course.pk)] * 2


def test_a_large_course_lists_its_most_urgent_learners(client, course, monkeypatch, woken):
    _lesson, review, _exam = make_content(course, questions=6)
    learners = [make.enroll(course=course) for _ in range(5)]
    for place, learner in enumerate(learners):
        learner.enrollments.update(enrolled_at=NOW - timedelta(days=8 + place))
    for question in review.questions.all()[:5]:
        answer(learners[0], question, is_right=False, at=NOW - timedelta(days=7))
    make_large(monkeypatch)
    monkeypatch.setattr("quizzes.selectors.overview.MOST_LISTED", 3)
    services.compute_overview(course_id=course.pk, now=NOW)
    erase_person(user=learners[4], actor=learners[0], reason="r", now=NOW)
    page = client.get(reverse("dashboard", args=[course.slug]))
    found = page.context["overview"]
    assert found.number_at_risk == 5
    assert [each.learner_id for each in found.at_risk] == [learners[0].pk, learners[4].pk, learners[3].pk]
    assert [name for _, name in page.context["risks"]][1] == f"erased-{learners[4].pk}"
    assert "of which the 3 most urgent are listed" in " ".join(page.content.decode().split())


def test_an_overview_of_a_course_that_is_gone_is_not_computed():
    services.compute_overview(course_id=0, now=NOW)
    assert not Overview.objects.exists()


def test_a_learner_of_another_course_has_no_page_here(client, course):
    stranger = make.enroll(course=make.make_course())
    assert client.get(reverse("signals", args=[course.slug, stranger.pk])).status_code == 404
