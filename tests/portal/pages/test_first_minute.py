"""The first minute in a course: nothing looks like a failure yet, and a first success is one press away."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Enrollment
from quizzes.models import Assessment
from tests import factories as make
from tests.forms import answer_form
from tests.portal.pages.test_home import make_numbered_course, text

pytestmark = pytest.mark.django_db
RED = '<span class="state no">'


@pytest.fixture
def course():
    return make_numbered_course(modules=2, lessons=2)


@pytest.fixture
def browser(client, course):
    client.force_login(make.enroll(course=course))
    return client


def first_lesson(course):
    return course.modules.get(folder="01-part").lessons.order_by("position").first()


def review_of(course, folder):
    return Assessment.objects.get(module__course=course, module__folder=folder, kind="review")


def visible(page):
    """Return what is read on a page, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def with_program(course):
    """Let the first lesson have a listing that cannot run, and one that can."""
    lesson = first_lesson(course)
    lesson.listings = [{"id": "shown", "run": False}, {"id": "sum", "run": True}]
    lesson.save()
    return lesson


def enroll(client, course):
    client.force_login(make.make_user())
    return client.post(f"/courses/{course.slug}/enroll/", {"name": "Mina"})


@pytest.mark.parametrize("address", ["/", "/courses/{slug}/"])
def test_before_the_first_answer_no_grade_reads_as_a_zero(browser, course, address):
    page = text(browser.get(address.format(slug=course.slug)))
    assert "0.0 %" not in visible(page)
    assert page.count("<dd>–</dd>") == 2
    assert "No points yet. The pass mark is 70 %." in visible(page)


def test_progress_before_the_first_answer_shows_no_zero_and_no_cross(browser, course):
    page = text(browser.get(f"/courses/{course.slug}/progress/"))
    assert "Overall so far – / 70 %" in visible(page)
    assert "Overall average of 2 – Not started" in re.sub(r"2 [\d ]*–", "2 –", visible(page))
    assert RED not in page
    assert "0.0" not in visible(page)
    assert " 0 / " not in visible(page)
    assert 'class="needle"' not in page
    assert "50 % × – Review questions + 50 % × – Final exam = – overall" in visible(page)


@pytest.mark.parametrize("address", ["/", "/courses/{slug}/", "/courses/{slug}/progress/", "/assessments/{review}/"])
def test_before_the_first_answer_no_bar_is_read_aloud_as_a_zero(browser, course, address):
    page = text(browser.get(address.format(slug=course.slug, review=review_of(course, "01-part").pk)))
    labels = re.findall(r'role="img" aria-label="([^"]*)"', page)
    assert labels
    assert [label for label in labels if re.search(r"\b0(\.0)? (%|of)", label)] == []


@pytest.mark.parametrize("address", ["/", "/courses/{slug}/"])
def test_what_is_done_is_counted_once_something_is(browser, course, address):
    page = address.format(slug=course.slug)
    assert "0 of" not in text(browser.get(page))
    browser.post(f"/lessons/{first_lesson(course).pk}/done/")
    assert re.search(r"\b1 of \d done", text(browser.get(page)))


def test_a_review_without_points_says_how_many_reach_its_line(browser, course):
    page = visible(text(browser.get(f"/assessments/{review_of(course, '01-part').pk}/")))
    assert re.search(r"No points so far\. You need \d points? to reach 60 %\.", page)
    assert "You have 0.0 %" not in page


def test_after_the_first_answer_a_category_is_in_progress_and_not_failed(browser, course):
    question = review_of(course, "01-part").questions.first()
    browser.post(f"/questions/{question.pk}/check/", answer_form(question, make.right(question)))
    page = text(browser.get(f"/courses/{course.slug}/progress/"))
    assert "Below 60 %" not in page
    assert RED not in page
    assert "1 of 1 point so far" in visible(page)
    assert "not possible, even if x = 100" not in page


def test_a_category_whose_questions_are_all_final_says_that_it_stayed_below_its_line(browser, course):
    for folder in ("01-part", "02-part"):
        for question in review_of(course, folder).questions.all():
            for number in range(1, question.current.attempts_limit + 1):
                form = answer_form(question, make.wrong(question), number=number)
                browser.post(f"/questions/{question.pk}/check/", form)
    assert "Below 60 %" in text(browser.get(f"/courses/{course.slug}/progress/"))


def test_who_enrolls_arrives_at_the_first_program_that_runs(client, course):
    lesson = with_program(course)
    answer = enroll(client, course)
    assert answer.headers["Location"] == f"/lessons/{lesson.pk}/#c-sum"
    assert "Press Run, and your first program runs. Nothing here is graded." in text(
        client.get(f"/lessons/{lesson.pk}/")
    )


def test_who_enrolls_in_a_course_without_programs_arrives_at_the_outline(client, course):
    assert enroll(client, course).headers["Location"] == f"/courses/{course.slug}/"


def test_who_enrolls_before_the_first_program_opens_arrives_at_the_outline(client, course):
    with_program(course)
    course.modules.filter(folder="01-part").update(opens_at=timezone.now() + timedelta(days=1))
    assert enroll(client, course).headers["Location"] == f"/courses/{course.slug}/"
    assert Enrollment.objects.count() == 1


def test_the_outline_leads_who_knows_a_module_straight_to_its_review(browser, course):
    first, second = (review_of(course, folder) for folder in ("01-part", "02-part"))
    page = text(browser.get(f"/courses/{course.slug}/"))
    assert f'Do you know Part 1 already? <a href="/assessments/{first.pk}/">Go straight to its review' in page
    browser.get(f"/lessons/{first_lesson(course).pk}/")  # where enrolling leads
    assert f'<a href="/assessments/{first.pk}/">Go straight' in text(browser.get(f"/courses/{course.slug}/"))
    browser.post(f"/lessons/{first_lesson(course).pk}/done/")
    assert "Go straight to its review" not in text(browser.get(f"/courses/{course.slug}/"))
    for lesson in course.modules.get(folder="01-part").lessons.all():
        browser.post(f"/lessons/{lesson.pk}/done/")
    assert f'<a href="/assessments/{second.pk}/">' in text(browser.get(f"/courses/{course.slug}/"))


def test_visitors_are_not_led_to_questions_that_they_cannot_answer(client, course):
    assert "Go straight to its review" not in text(client.get(f"/courses/{course.slug}/"))
