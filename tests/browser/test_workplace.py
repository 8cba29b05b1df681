"""The workplace and Django's own admin in a real browser: no breach of the policy, nothing that axe finds, no window too narrow."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from course.models import Course, Enrollment, Lesson
from quizzes import services
from quizzes.models import Question, QuestionReport, Sitting
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import DESKTOP, DESKTOP_DARK, NARROW, PHONE, PHONE_DARK
from tests.browser.shots import broken_rules, look_at, overflow

pytestmark = pytest.mark.django_db(transaction=True)
NASTY = Path(__file__).parents[1] / "nasty-course"
SOME_LOOKS = [DESKTOP_DARK, PHONE]  # the instructor's week is seen in DESKTOP


@pytest.fixture
def admin(course, learner):
    """Somebody who sees every page, and records for these to show."""
    review, exam = demo.review_of(course), demo.exam_of(course)
    for question in review.questions.all():
        response = demo.response(question, is_right=False)
        services.submit_attempt(
            learner=learner, question_id=question.pk, response=response, number=1, now=timezone.now()
        )
        services.report_question(learner=learner, question_id=question.pk, text="Is this right?", now=timezone.now())
    services.start_sitting(learner=learner, assessment=exam, now=timezone.now())
    services.compute_analysis(assessment_id=review.pk, now=timezone.now())
    return make.make_user(username="ada", is_staff=True, is_superuser=True)


def desk_of(course, learner):
    question = demo.review_of(course).questions.first()
    desk = f"/admin/courses/{course.slug}"
    return {
        "work-dashboard": f"{desk}/",
        "work-signals": f"{desk}/learners/{learner.pk}/signals/",
        "work-learner": f"{desk}/learners/{learner.pk}/",
        "work-time": f"{desk}/learners/{learner.pk}/time/",
        "work-analysis": f"{desk}/questions/",
        "work-question": f"{desk}/questions/{question.pk}/",
        "work-reports": f"{desk}/reports/",
        "work-report": f"{desk}/reports/{QuestionReport.objects.first().pk}/",
        "work-audit": f"{desk}/audit/",
        "work-gradebook": f"{desk}/gradebook/",
        "work-cell": f"{desk}/gradebook/{learner.pk}/{question.assessment_id}/",
        "work-overrides": f"{desk}/gradebook/overrides/",
        "work-running": f"{desk}/running/",
        "work-regrades": f"{desk}/regrades/",
        "work-regrade": f"{desk}/regrades/question/{question.pk}/",
        "work-instructors": f"{desk}/instructors/",
    }


def own_pages(learner):
    sitting, lesson = Sitting.objects.first(), Lesson.objects.first()
    return {
        "admin-index": "/admin/",
        "admin-app": "/admin/quizzes/",
        "admin-attempts": "/admin/quizzes/attempt/?is_correct__exact=0",
        "admin-sitting": f"/admin/quizzes/sitting/{sitting.pk}/change/",
        "admin-question": f"/admin/quizzes/question/{Question.objects.first().pk}/change/",
        "admin-people": "/admin/course/user/?q=mina",
        "admin-person": f"/admin/course/user/{learner.pk}/change/",
        "admin-new-person": "/admin/course/user/add/",
        "admin-history": f"/admin/course/lesson/{lesson.pk}/history/",
        "admin-password": "/admin/password_change/",
    }


@pytest.mark.parametrize("look", SOME_LOOKS, ids=str)
def test_pages_of_the_workplace_and_of_djangos_admin(open_page, course, learner, admin, look):
    page = open_page(look, admin)
    for name, address in {**desk_of(course, learner), **own_pages(learner)}.items():
        assert page.goto(address).status == 200, address
        look_at(page, name, look)


def test_the_narrowest_window_holds_the_workplace(open_page, course, learner, admin):
    page = open_page(NARROW, admin)
    for name, address in desk_of(course, learner).items():
        page.goto(address)
        assert (name, overflow(page)) == (name, 0)


def test_a_text_is_previewed_while_one_types_and_never_over_another(open_page, db):
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    course, path = Course.objects.get(), Lesson.objects.exclude(path="").first().path
    people = [make.make_user(username=name, is_staff=True) for name in ("ines", "omar")]
    for person in people:
        Enrollment.objects.create(user=person, course=course, role="instructor", enrolled_at=timezone.now())
    mine, theirs = open_page(PHONE_DARK, people[0]), open_page(DESKTOP, people[1])
    for page in (mine, theirs):
        page.goto(f"/admin/courses/{course.slug}/texts/edit/{path}")
    box = theirs.get_by_label("Text", exact=False).first
    box.press("Control+End")
    box.type("\n\nA slope of $w = 2$.\n")
    expect(theirs.locator("#preview math").last).to_be_visible()
    box.type("\n[there](lesson:nowhere)\n")
    expect(theirs.locator("#preview").get_by_text("is no page of this course")).to_be_visible()
    look_at(theirs, "work-text", DESKTOP)
    for page in (mine, theirs):
        page.locator("#text").fill(
            page.locator("#text").input_value().replace("\n[there](lesson:nowhere)\n", "") + "\nMore.\n"
        )
        page.get_by_role("button", name="Check and publish").click()
    expect(mine.get_by_text("Written and published.")).to_be_visible()
    expect(theirs.get_by_text("Somebody else published another text")).to_be_visible()
    look_at(theirs, "work-text-conflict", DESKTOP)
    mine.get_by_role("link", name="Versions").click()
    look_at(mine, "work-text-versions", PHONE_DARK)
    mine.goto(f"/admin/courses/{course.slug}/texts/")
    look_at(mine, "work-texts", PHONE_DARK)


def test_viewing_as_a_learner_has_its_banner_on_every_page(open_page, course, learner, admin):
    page = open_page(PHONE_DARK, admin)
    page.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/signals/")
    page.get_by_role("button", name="View as this learner").click()
    banner = page.get_by_role("region", name="Viewing as a learner")
    expect(banner).to_be_visible()
    look_at(page, "work-viewing", PHONE_DARK)
    page.goto("/admin/")
    expect(banner).to_be_visible()
    assert broken_rules(page) == []
    banner.get_by_role("button", name="Stop viewing").click()
    expect(banner).to_have_count(0)
