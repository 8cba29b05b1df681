"""Continue leads to what the learner saw last, or, if that is finished, to the next unread lesson."""

import re
from datetime import timedelta

import pytest
import time_machine

from labs.models import LabDraft
from lessons.models import LessonVisit
from lessons.services import mark_lesson_done, open_lesson, remember_section
from portal.rights.selectors import course_tables
from quizzes import services
from quizzes.models import Assessment, Question
from tests import factories as make
from tests.labs.making import RIGHT, make_lab
from tests.portal.pages.test_home import make_numbered_course, text
from tests.portal.pages.test_labs import make_run
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


def at(hours):
    return make.NOW + timedelta(hours=hours)


@pytest.fixture
def course():
    """Two modules, each with two lessons and two review questions; the first has a lab."""
    return make_numbered_course(modules=2, lessons=2, title="A course")


@pytest.fixture
def lessons(course):
    modules = course.modules.filter(folder__endswith="part").order_by("position")
    return [lesson for module in modules for lesson in module.lessons.order_by("position")]


@pytest.fixture
def lab(course, lessons):
    made = make_lab(course=course)
    made.module = lessons[0].module
    made.save()
    return made


@pytest.fixture
def review(lessons):
    return Assessment.objects.get(module=lessons[0].module)


@pytest.fixture
def learner(client, course):
    person = make.enroll(course=course)
    client.force_login(person)
    return person


def read(learner, lesson, hour, *, to_the_end=False):
    """Open a lesson at this hour, rest in it, and perhaps read it to its end."""
    open_lesson(user=learner, lesson=lesson, now=at(hour))
    remember_section(user=learner, lesson=lesson, section=None, now=at(hour))
    if to_the_end:
        mark_lesson_done(user=learner, lesson=lesson, now=at(hour))


def answer(learner, question, hour):
    response = make.right(question)
    services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=at(hour))


def continued(client):
    """Return where Continue leads, without the section."""
    return re.search(r'<h1 id="r"><a href="([^"#]+)', text(client.get("/")))[1]


def test_after_every_lesson_was_opened_it_leads_to_the_one_read_last(client, learner, lessons):
    for hour, lesson in enumerate(lessons, start=1):
        read(learner, lesson, hour)
    assert continued(client) == f"/lessons/{lessons[3].pk}/"
    for hour, position in ((5, 1), (6, 0), (7, 2)):
        read(learner, lessons[position], hour)
        assert continued(client) == f"/lessons/{lessons[position].pk}/"


def test_a_finished_lesson_leads_to_the_next_unread_one(client, learner, lessons):
    read(learner, lessons[0], 1)
    read(learner, lessons[1], 2, to_the_end=True)
    assert continued(client) == f"/lessons/{lessons[2].pk}/"
    read(learner, lessons[3], 3, to_the_end=True)
    assert continued(client) == f"/lessons/{lessons[0].pk}/"


def test_the_requests_of_a_lesson_keep_the_time_and_only_the_first_opening_is_written_by_get(client, learner, lessons):
    first, second, *_ = (f"/lessons/{lesson.pk}/" for lesson in lessons)
    steps = [("get", first), ("get", second), ("get", first), ("post", first), ("get", second)]
    seen = []
    for hour, (method, page) in enumerate(steps):
        with time_machine.travel(at(hour), tick=False):
            client.get(page) if method == "get" else client.post(f"{page}place/")
        seen.append(list(LessonVisit.objects.order_by("pk").values_list("seen_at", flat=True)))
    assert seen == [[at(0)], [at(0), at(1)], [at(0), at(1)], [at(3), at(1)], [at(3), at(1)]]
    assert continued(client) == first


def test_a_place_without_a_section_keeps_the_section_of_before(client, learner, lessons):
    lessons[0].html = '<h2 id="c-rank">Rank</h2><p>Text.</p>'
    lessons[0].save()
    page = f"/lessons/{lessons[0].pk}/"
    client.get(page)
    client.post(f"{page}place/", {"section": "c-rank"})
    with counted_statements() as statements:
        assert client.post(f"{page}place/").status_code == 204
    assert LessonVisit.objects.get().section == "c-rank"
    assert sum(statement.startswith("UPDATE") for statement in statements) == 1
    assert client.post(f"{page}place/", {"section": ""}).status_code == 204
    assert LessonVisit.objects.get().section == ""


def test_reading_without_an_earlier_visit_is_not_recorded(learner, lessons):
    remember_section(user=learner, lesson=lessons[0], section=None, now=at(1))
    assert not LessonVisit.objects.exists()


def test_a_visit_of_the_earlier_release_has_the_times_that_it_has(client, learner, lessons):
    for position, hour in ((0, 2), (1, 1)):
        LessonVisit.objects.create(user=learner, lesson=lessons[position], opened_at=at(hour))
    assert continued(client) == f"/lessons/{lessons[0].pk}/"


def test_a_lab_that_was_saved_or_run_last_is_continued_until_it_is_passed(client, learner, lessons, lab):
    read(learner, lessons[0], 1)
    LabDraft.objects.create(learner=learner, lab=lab, cells=RIGHT, revision=1, saved_at=at(2))
    assert continued(client) == f"/labs/{lab.pk}/"
    read(learner, lessons[0], 3)
    assert continued(client) == f"/lessons/{lessons[0].pk}/"
    make_run(learner, lab, created_at=at(4))
    assert continued(client) == f"/labs/{lab.pk}/"
    make_run(learner, lab, mode="test", created_at=at(5), has_passed=True)
    assert continued(client) == f"/lessons/{lessons[2].pk}/"


def test_review_questions_that_were_answered_last_are_continued_until_all_are_final(client, learner, lessons, review):
    first, second = Question.objects.filter(assessment=review).order_by("position")
    read(learner, lessons[0], 1)
    draft = make.right(first)
    services.save_draft(learner=learner, question_id=first.pk, response=draft, revision=0, now=at(2))
    assert continued(client) == f"/assessments/{review.pk}/"
    read(learner, lessons[0], 3)
    assert continued(client) == f"/lessons/{lessons[0].pk}/"
    answer(learner, first, 4)
    assert continued(client) == f"/assessments/{review.pk}/"
    answer(learner, second, 5)
    assert continued(client) == f"/lessons/{lessons[2].pk}/"


def test_review_questions_are_continued_with_their_module_and_number(client, learner, course, lessons, review):
    answer(learner, Question.objects.filter(assessment=review).first(), 1)
    page = text(client.get("/"))
    assert "Continue where you left off" in page
    assert f'<a href="/assessments/{review.pk}/"><span>1 Part 1</span> {review.title}</a></h1>' in page
    assert "Continue with 1.3" in page
    assert "You are here" in text(client.get(f"/courses/{course.slug}/"))
    assert f"Continue: 1.3 {review.title}" in text(client.get(f"/courses/{course.slug}/"))


def test_with_all_lessons_read_it_leads_to_what_is_unfinished_and_was_seen_last(client, learner, lessons, review):
    for lesson in lessons:
        read(learner, lesson, 1, to_the_end=True)
    assert "All lessons read" in text(client.get("/"))
    answer(learner, Question.objects.filter(assessment=review).first(), 2)
    assert continued(client) == f"/assessments/{review.pk}/"


def test_what_has_closed_is_not_continued(client, learner, lessons, review):
    Assessment.objects.filter(pk=review.pk).update(closes_at=at(3))
    read(learner, lessons[0], 1)
    answer(learner, Question.objects.filter(assessment=review).first(), 2)
    assert continued(client) == f"/lessons/{lessons[0].pk}/"


def test_somebody_elses_reading_and_answers_lead_nowhere(client, learner, course, lessons, review):
    other = make.enroll(course=course)
    read(other, lessons[3], 1)
    answer(other, Question.objects.filter(assessment=review).first(), 2)
    assert continued(client) == f"/lessons/{lessons[0].pk}/"


def test_the_headline_names_the_module_too(client, learner, lessons):
    read(learner, lessons[2], 1)
    page = text(client.get("/"))
    address = f"/lessons/{lessons[2].pk}/"
    assert f'<h1 id="r"><a href="{address}"><span>2 Part 2</span> {lessons[2].title}</a></h1>' in page


def test_the_headline_does_not_repeat_the_title(client):
    course = make.make_course()
    lesson = make.make_lesson(
        module=make.make_module(course=course, folder="summary", title="Summary"), title="Summary"
    )
    client.force_login(make.enroll(course=course))
    assert f'<h1 id="r"><a href="/lessons/{lesson.pk}/"><span></span> Summary</a></h1>' in text(client.get("/"))


def test_of_several_courses_the_one_seen_last_is_at_the_top(client, learner, course, lessons, review):
    other = make_numbered_course(title="Another")
    make.enroll(course=other, user=learner)
    elsewhere = other.modules.get(folder="01-part").lessons.get()
    read(learner, lessons[0], 1)
    read(learner, elsewhere, 2)
    assert continued(client) == f"/lessons/{elsewhere.pk}/"
    read(learner, lessons[1], 3)
    assert continued(client) == f"/lessons/{lessons[1].pk}/"
    read(learner, elsewhere, 4)
    answer(learner, Question.objects.filter(assessment=review).first(), 5)
    assert continued(client) == f"/assessments/{review.pk}/"


@pytest.mark.parametrize("page", ["/", "/courses/{slug}/"])
def test_work_of_every_kind_takes_no_further_statement(client, learner, course, lessons, lab, review, page):
    page = page.format(slug=course.slug)
    client.get(page)
    with counted_statements() as before:
        client.get(page)
    read(learner, lessons[0], 1)
    for question in Question.objects.filter(assessment=review):
        answer(learner, question, 2)
    make_run(learner, lab, created_at=at(3))
    with counted_statements() as after:
        client.get(page)
    assert len(after) == len(before) == 6


def test_an_archive_says_when_a_lesson_was_seen_last(learner, course, lessons):
    read(learner, lessons[0], 1)
    read(learner, lessons[0], 2)
    for scope in (None, course.pk):
        (row,) = dict(course_tables(learner.pk, scope))["lessons_read"]
        assert (row["opened_at"], row["seen_at"]) == (at(1), at(2))
