"""The workplace and Django's admin in a real browser: no policy violation, no accessibility violation, nothing wider
than the window.
"""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from announcements.models import Announcement
from course.models import Course, Lesson
from people.models import Enrollment
from people.services import set_accommodation
from quizzes import services
from quizzes.models import Question, QuestionReport, Sitting
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import DESKTOP, NARROW, PHONE
from tests.browser.shots import SHOTS, broken_rules, look_at, overflow, shoot
from tests.browser.visitors import view_as_learner
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
NASTY = Path(__file__).parents[1] / "nasty-course"


@pytest.fixture
def admin(course, learner):
    """A person who may see every page, and records to show on them."""
    review, exam = demo.review_of(course), demo.exam_of(course)
    for question in review.questions.all():
        response = demo.response(question, is_right=False)
        services.check_response(
            learner=learner, question_id=question.pk, response=response, number=1, now=timezone.now()
        )
        services.report_question(learner=learner, question_id=question.pk, text="Is this right?", now=timezone.now())
    services.start_sitting(learner=learner, assessment=exam, now=timezone.now())
    services.compute_analysis(assessment_id=review.pk, now=timezone.now())
    demo.announce(course)
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
        "work-objectives": f"{desk}/objectives/",
        "work-question": f"{desk}/questions/{question.pk}/",
        "work-reports": f"{desk}/reports/",
        "work-report": f"{desk}/reports/{QuestionReport.objects.first().pk}/",
        "work-audit": f"{desk}/audit/",
        "work-gradebook": f"{desk}/gradebook/",
        "work-cell": f"{desk}/gradebook/{learner.pk}/{question.assessment_id}/",
        "work-overrides": f"{desk}/gradebook/overrides/",
        "work-attempts": f"{desk}/attempts/",
        "work-allowances": f"{desk}/allowances/",
        "work-running": f"{desk}/running/",
        "work-releases": f"{desk}/release/",
        "work-release": f"{desk}/release/{question.assessment_id}/",
        "work-regrades": f"{desk}/regrades/",
        "work-regrade": f"{desk}/regrades/question/{question.pk}/",
        "work-instructors": f"{desk}/instructors/",
        "work-class": f"{desk}/class/",
        "work-class-list": f"{desk}/class/list/",
        "work-joining": f"{desk}/class/joining/",
        "work-announcing": f"{desk}/announcements/",
        "work-announcement": f"{desk}/announcements/{Announcement.objects.get().pk}/",
        "work-visibility": f"{desk}/visibility/",
        "work-settings": f"{desk}/settings/",
        "work-exams": f"{desk}/exams/",
        "work-copy": f"{desk}/copy/",
        "work-membership": f"{desk}/learners/{learner.pk}/class/",
    }


def own_pages(learner):
    sitting, lesson = Sitting.objects.first(), Lesson.objects.first()
    make.make_course(slug="empty", visibility="hidden")
    return {
        "admin-index": "/admin/",
        "work-new-course": "/admin/new-course/",
        "work-uploaded-course": "/admin/new-course/folder/",
        "work-first-steps": "/admin/courses/empty/",
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


@pytest.fixture
def many(course):
    """Enough learners to make the page scroll, with long names and addresses."""
    for number in range(40):
        person = make.make_user(username=f"learner-{number:02}")
        make.enroll(course=course, user=person)
        person.enrollments.update(name=f"Learner Number {number:02} of the Long Names")


def test_the_gradebook_is_walked_by_arrow_keys_under_a_head_that_stays(open_page, course, learner, admin, many, look):
    page = open_page(look, admin)
    page.goto(f"/admin/courses/{course.slug}/gradebook/")
    grid = page.get_by_role("grid")
    first = grid.get_by_role("rowheader").first.get_by_role("link")
    expect(grid.locator("[tabindex='0']")).to_have_count(1)
    first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
    assert page.evaluate("document.activeElement.closest('td').cellIndex") == 2
    expect(grid.locator("[tabindex='0']")).to_have_count(1)
    page.keyboard.press("Control+End")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 41
    head = grid.locator("thead th").first
    assert head.bounding_box()["y"] == page.get_by_role("region", name="Grades").bounding_box()["y"]
    page.keyboard.press("ArrowUp")
    box, top = page.evaluate(
        "[document.activeElement.getBoundingClientRect().left,"
        " document.querySelector('.gradebook tbody th').getBoundingClientRect().right]"
    )
    assert box >= top, "the sticky column covers the cell that has the focus"
    look_at(page, "work-gradebook-many", look)
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Learner Number 39 of the Long Names")


@pytest.mark.parametrize("look", [PHONE, NARROW], ids=str)
def test_the_open_tab_is_in_view_and_columns_keep_apart_on_a_phone(open_page, course, learner, admin, look):
    page = open_page(look, admin)
    page.goto(f"/admin/courses/{course.slug}/audit/")
    page.evaluate("document.fonts.ready")
    tab = page.get_by_role("navigation", name="Workplace").get_by_role("link", name="Audit").bounding_box()
    assert (tab["x"] >= 0, tab["x"] + tab["width"] <= look.width) == (True, True)
    page.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/")
    ends = page.evaluate(
        "[...document.querySelectorAll('.nums thead th')].map((head) => {"
        " const range = document.createRange(); range.selectNodeContents(head);"
        " const { left, right } = range.getBoundingClientRect(); return [left, right]; })"
    )
    gaps = [after[0] - before[1] for before, after in pairwise(ends)]
    assert min(gaps) >= 8


def test_the_audit_and_added_minutes_look_right(open_page, course, learner, admin, look):
    question = demo.review_of(course).questions.first()
    said = {"course": course, "author": admin, "now": timezone.now(), "reason": "A fire alarm interrupted the exam."}
    services.add_minutes(sitting_ids=None, minutes=10, key="k", **said)
    services.override_score(assessment_id=question.assessment_id, learner_id=learner.pk, points=Decimal(1), **said)
    services.apply_regrade(question_id=question.pk, kind="credit", **said)
    page = open_page(look, admin)
    page.goto(f"/admin/courses/{course.slug}/audit/")
    expect(page.get_by_role("link", name="Final exam, Mina")).to_be_visible()
    look_at(page, "work-audit-named", look)
    page.goto(f"/admin/courses/{course.slug}/audit/?since=25.11.2026")
    look_at(page, "work-audit-unread", look)
    set_accommodation(learner_id=learner.pk, multiplier=Decimal("1.5"), **said)
    page.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/time/")
    page.get_by_text("Delete this note").click()
    look_at(page, "work-time-note", look)
    page.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/")
    look_at(page, "work-learner-points", look)
    page.goto(f"/admin/courses/{course.slug}/running/")
    page.get_by_label("Reason").fill("A fire alarm.")
    page.get_by_role("button", name="Preview for all").click()
    expect(page.get_by_role("button", name="Add 10 min to 1 exam")).to_be_visible()
    look_at(page, "work-running-preview", look)
    page.get_by_label("Pause").check()
    expect(page.get_by_label("Minutes to add")).to_be_hidden()
    page.get_by_role("button", name="Preview again").click()
    look_at(page, "work-running-pause", look)
    page.get_by_role("button", name="Pause 1 exam").click()
    expect(page.get_by_text("1 exam is paused.")).to_be_visible()
    look_at(page, "work-running-paused", look)


def test_a_text_is_previewed_while_one_types_and_never_over_another(open_page, db):
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    course, path = Course.objects.get(), Lesson.objects.exclude(path="").first().path
    people = [make.make_user(username=name, is_staff=True) for name in ("ines", "omar")]
    for person in people:
        Enrollment.objects.create(user=person, course=course, role="instructor", enrolled_at=timezone.now())
    mine, theirs = open_page(PHONE, people[0]), open_page(DESKTOP, people[1])
    for page in (mine, theirs):
        page.goto(f"/admin/courses/{course.slug}/texts/edit/{path}")
    box = theirs.get_by_label("Text", exact=False).first
    box.press("Control+End")
    box.type("\n\nA slope of $w = 2$.\n")
    expect(theirs.locator("#preview math").last).to_be_visible()
    box.type("\n[there](lesson:nowhere)\n")
    expect(theirs.locator("#preview").get_by_text("is not a page of this course")).to_be_visible()
    look_at(theirs, "work-text", DESKTOP)
    for page, said in ((mine, "Published."), (theirs, "Someone else published a different text")):
        page.locator("#text").fill(
            page.locator("#text").input_value().replace("\n[there](lesson:nowhere)\n", "") + "\nMore.\n"
        )
        page.get_by_role("button", name="Check and publish").click()
        expect(page.get_by_text(said)).to_be_visible()
    look_at(theirs, "work-text-conflict", DESKTOP)
    mine.get_by_role("link", name="Versions").click()
    look_at(mine, "work-text-versions", PHONE)
    mine.goto(f"/admin/courses/{course.slug}/texts/")
    look_at(mine, "work-texts", PHONE)


def test_viewing_as_a_learner_has_its_banner_on_every_page(open_page, course, learner, admin):
    page = open_page(PHONE, admin)
    page.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/signals/")
    view_as_learner(page)
    banner = page.get_by_role("region", name="Viewing as a learner")
    expect(banner).to_be_visible()
    look_at(page, "work-viewing", PHONE)
    page.goto("/admin/")
    expect(banner).to_be_visible()
    assert broken_rules(page) == []
    banner.get_by_role("button", name="Stop viewing").click()
    expect(banner).to_have_count(0)


def test_a_closed_select_ends_in_an_arrow_and_not_in_a_dash(open_page, admin, course):
    page = open_page(DESKTOP, admin)
    page.goto(f"/admin/courses/{course.slug}/audit/")
    select = page.locator("select.field")
    select.screenshot(path=SHOTS / "select.png")
    shoot(page, "select", DESKTOP)
    assert height_of_ink(Image.open(SHOTS / "select.png").convert("L")) >= 4


def height_of_ink(picture):
    """Return the pixels from the highest to the lowest that differ from the background, at the right end within the border."""
    width, height = picture.size
    ground = picture.getpixel((width - 6, 6))
    inked = [
        y
        for y in range(4, height - 4)
        for x in range(width - 28, width - 4)
        if abs(picture.getpixel((x, y)) - ground) > 40
    ]
    return max(inked) - min(inked) + 1
