"""A learner asks about selected text in a lesson, an instructor replies, and the reply is at the section."""

import pytest
from playwright.sync_api import expect

from lessons.help.models import HelpRequest
from lessons.help.services import answer_help
from tests import factories as make
from tests.browser.looks import LOOKS, PHONE
from tests.browser.shots import look_at
from tests.browser.test_notes import SELECT
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
PAGE = """<section data-section=""><p>A tensor holds numbers.</p></section>
<section data-section=""><h2 id="c-shape">The shape of a tensor</h2><p>A matrix has two axes.</p></section>"""


def seen(page, name):
    for look in LOOKS:
        page.set_viewport_size({"width": look.width, "height": look.height})
        look_at(page, name, look)


def test_a_question_about_selected_text_is_answered_at_its_section(open_page, course, learner):
    module, teacher = course.modules.get(title="Introduction to TensorFlow"), instructor_of(course)
    lesson = make.make_lesson(module=module, title="Tensors and shapes", html=PAGE)
    page = open_page(PHONE, learner)
    page.goto(f"/lessons/{lesson.pk}/", wait_until="networkidle")
    page.evaluate(SELECT, "two axes")
    page.get_by_role("toolbar").get_by_role("link", name="Ask").click()
    expect(page.get_by_label("About")).to_have_value("c-shape")
    expect(page.get_by_label("Your question")).to_have_value("“two axes”\n\n")
    page.get_by_label("Your question").press_sequentially("Which ones?")
    seen(page, "ask")
    page.get_by_role("button", name="Send to the instructors").click()
    expect(page.get_by_text("No reply yet.")).to_be_visible()
    found = HelpRequest.objects.get()
    work = open_page(PHONE, teacher)
    work.goto(f"/admin/courses/{course.slug}/help/")
    seen(work, "work-help")
    work.goto(f"/admin/courses/{course.slug}/help/{found.pk}/")
    seen(work, "work-help-request")
    answer_help(request_id=found.pk, course_id=course.pk, actor=teacher, text="Rows and columns.", now=make.NOW)
    page.goto(f"/courses/{course.slug}/help/")
    seen(page, "asked")
    page.goto(f"/lessons/{lesson.pk}/", wait_until="networkidle")
    page.mouse.move(100, 100)
    page.get_by_role("button", name="You asked, and an instructor replied").click()
    expect(page.get_by_role("dialog").get_by_text("Rows and columns.")).to_be_visible()
    look_at(page, "lesson-reply", LOOKS[0])
