"""Pages on a phone: the outline, listings, figures, practice and the certificate."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from grading.models import Certificate
from lessons.services import open_lesson
from quizzes.models import SittingQuestion
from quizzes.services import check_response, hand_in_sitting, start_sitting
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import DESKTOP, NARROW, PHONE
from tests.browser.shots import look_at, overflow
from tests.browser.test_run_in_place import PRACTICE, listing, make_lesson
from tests.content.shipped import shipped
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]

LONG_COMMENTS = """Read.

```python {id=commented runtime=tf2 run=true}
a = 1  # one
    # A comment with a line of its own, which is much longer than a phone is wide, wraps below its first letter.
with tf.GradientTape() as tape:  # record what is computed from w
    loss = (w * x - y) ** 2  # predict and compare what you get with what you wanted
```
""".replace("    # A", "# A").replace("with tf", "w = x = y = tf = 1\nwith tf")
SMALLEST = 11  # pixels of a label in a figure
LABELS = """
(figures) => figures.flatMap((figure) => [...figure.querySelectorAll("text")].map((label) => {
  const box = label.getBoundingClientRect();
  const drawing = label.ownerSVGElement;
  const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
  const pans = figure.dataset.pans !== undefined;
  const isOut = !pans && (box.left < 0 || box.right > innerWidth);
  return [label.textContent, parseFloat(getComputedStyle(label).fontSize) * scale, isOut];
}))
"""


@pytest.fixture
def module(course):
    """Return a module of six lessons after the one of the demo course."""
    module = make.make_module(course=course, title="Convolutional Networks")
    for number in range(6):
        make.make_lesson(module=module, title=f"Lesson {number}")
    return module


def phone(open_page, learner, look=PHONE) -> Page:
    return open_page(look, learner, has_touch=True, is_mobile=True)


def part(page: Page, title: str) -> Locator:
    return page.locator(".course-module").filter(has=page.get_by_role("heading", name=title))


def test_a_phone_unfolds_the_module_at_which_the_learner_is_and_no_other(open_page, course, learner, module):
    later = make.make_module(course=course, title="Recurrent Networks")
    for number in range(6):
        make.make_lesson(module=later, title=f"Later lesson {number}")
    for lesson in [*module.lessons.order_by("position")[:2]]:
        open_lesson(user=learner, lesson=lesson, now=timezone.now())
    page = phone(open_page, learner)
    page.goto(f"/courses/{course.slug}/")
    expect(part(page, "Convolutional Networks").get_by_role("link", name="Lesson 1")).to_be_visible()
    folded = part(page, "Recurrent Networks")
    expect(folded.get_by_role("link", name="Later lesson 1")).to_be_hidden()
    look_at(page, "phone-outline", PHONE)
    folded.get_by_text("6 pages").tap()
    expect(folded.get_by_role("link", name="Later lesson 1")).to_be_visible()


def test_a_desktop_shows_every_line_of_the_outline_and_nothing_to_unfold(open_page, course, learner, module):
    page = open_page(DESKTOP, learner)
    page.goto(f"/courses/{course.slug}/")
    expect(part(page, "Convolutional Networks").get_by_role("link", name="Lesson 5")).to_be_visible()
    expect(page.get_by_text("6 pages")).to_be_hidden()


@pytest.mark.parametrize("look", [PHONE, NARROW], ids=str)
def test_the_bar_of_a_listing_is_one_row_on_a_phone(open_page, course, learner, look):
    lesson = make_lesson(course, PRACTICE)
    page = phone(open_page, learner, look)
    page.goto(f"/lessons/{lesson.pk}/")
    tested = listing(page, "double")
    for name in ("Run", "Check", "Edit", "Copy"):
        button = tested.get_by_role("button", name=name, exact=True)
        expect(button).to_be_visible()
        box = button.bounding_box()
        assert (name, box["height"] >= 44, box["width"] >= 44) == (name, True, True)
    assert tested.locator("header").bounding_box()["height"] <= 60
    assert overflow(page) == 0
    look_at(page, "phone-listing", look)


def test_the_bar_of_a_listing_has_its_height_before_its_buttons_come(open_page, course, learner):
    lesson = make_lesson(course, PRACTICE)
    page = phone(open_page, learner)
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"/lessons/{lesson.pk}/")
    before = listing(page, "double").locator("header").bounding_box()["height"]
    page.unroute("**/*.js")
    page.reload()
    expect(listing(page, "double").get_by_role("button", name="Run", exact=True)).to_be_visible()
    assert listing(page, "double").locator("header").bounding_box()["height"] == before


@pytest.mark.parametrize("look", [PHONE, DESKTOP], ids=str)
def test_a_long_first_line_can_be_moved_out_from_under_the_button_that_copies(open_page, course, learner, look):
    words = " + ".join(f"part_{number}" for number in range(20))
    lesson = make_lesson(course, f"Read.\n\n```python\nsum = {words}\n```\n")
    page = open_page(look, learner)
    page.goto(f"/lessons/{lesson.pk}/")
    copy = page.get_by_role("button", name="Copy", exact=True)
    expect(copy).to_be_visible()
    code = page.locator("[data-code] > pre")
    code.evaluate("code => { code.scrollLeft = code.scrollWidth; }")
    end_of_line = """code => {
      const line = document.createRange();
      line.selectNodeContents(code.firstElementChild);
      return line.getBoundingClientRect().right;
    }"""
    assert code.evaluate(end_of_line) <= copy.bounding_box()["x"]


def test_the_comments_of_a_listing_wrap_on_a_phone_and_the_code_keeps_its_lines(open_page, course, learner):
    lesson = make_lesson(course, LONG_COMMENTS)
    page = phone(open_page, learner)
    page.goto(f"/lessons/{lesson.pk}/")
    code = listing(page, "commented").locator("pre")
    right = code.bounding_box()["x"] + code.bounding_box()["width"]
    for comment in code.locator(".c1").all():
        box = comment.bounding_box()
        assert (comment.inner_text(), box["x"] + box["width"] <= right) == (comment.inner_text(), True)
    assert code.evaluate("(code) => code.scrollWidth <= code.clientWidth")
    taken = code.evaluate("(code) => { getSelection().selectAllChildren(code); return getSelection().toString(); }")
    assert taken.strip() == lesson.listings[0]["source"].strip()
    look_at(page, "phone-comments", PHONE)


def test_the_labels_of_every_figure_of_the_course_can_be_read_on_a_phone(open_page, course, learner):
    html = "".join(
        re.sub(r' data-interactive="\w+"', "", figure)
        for each in shipped().course.modules
        for lesson in each.lessons
        for figure in re.findall(r"<figure data-figure.*?</figure>", lesson.html, re.DOTALL)
    )
    lesson = make.make_lesson(module=course.modules.get(title="Introduction to TensorFlow"), html=html, is_open=True)
    page = phone(open_page, learner)
    page.goto(f"/lessons/{lesson.pk}/")
    expect(page.locator("[data-fits], [data-pans]").last).to_be_attached()
    page.evaluate("document.fonts.ready")
    labels = page.locator("[data-figure]").evaluate_all(LABELS)
    assert len(labels) > 1000
    unreadable = [label for label in labels if label[1] < SMALLEST or label[2]]
    assert unreadable == []


def test_practice_counts_its_questions_and_leads_on_after_a_right_response(open_page, course, learner):
    review = demo.review_of(course)
    final = [
        row for row in review.questions.order_by("position") if row.current.type in ("true_false", "numeric", "text")
    ]
    for question in final:
        response = demo.response(question, is_right=True)
        check_response(learner=learner, question_id=question.pk, response=response, number=1, now=timezone.now())
    page = phone(open_page, learner)
    page.goto(f"/questions/{final[0].pk}/practice/")
    expect(page.get_by_role("heading", name="Question 1 of 3")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Next question")).to_have_count(1)
    page.get_by_role("radio", name="True").check()
    page.get_by_role("button", name="Check practice response").click()
    expect(page.get_by_text("Correct. Your grade stays as it is.")).to_be_visible()
    look_at(page, "phone-practice", PHONE)
    page.get_by_role("link", name="Next question").first.click()
    expect(page.get_by_role("heading", name="Question 2 of 3")).to_be_visible()


@pytest.fixture
def certificate(course, learner):
    for question in demo.review_of(course).questions.all():
        response = demo.response(question, is_right=True)
        check_response(learner=learner, question_id=question.pk, response=response, number=1, now=timezone.now())
    sitting, _is_new = start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    for row in SittingQuestion.objects.filter(sitting=sitting).select_related("question__current"):
        response = demo.response(row.question, is_right=True)
        check_response(learner=learner, question_id=row.question_id, response=response, number=1, now=timezone.now())
    hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=timezone.now())
    return Certificate.objects.get(learner=learner)


CAN_SHARE = "navigator.share = async (what) => { window.shared = what; }; navigator.clipboard ??= {};"
ACTIONS = "(box) => [...box.children].filter((one) => one.checkVisibility()).map((one) => one.innerText.trim())"


def test_the_certificate_offers_sharing_first(open_page, learner, certificate):
    page = phone(open_page, learner)
    page.add_init_script(CAN_SHARE)
    page.goto(f"/certificates/{certificate.code}/")
    share = page.get_by_role("button", name="Share")
    expect(share).to_have_class("btn primary")
    assert page.locator(".certificate-actions").evaluate(ACTIONS) == ["Share", "Copy link", "PDF", "Print"]
    rows = page.locator(".certificate-actions > .btn").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().y)"
    )
    assert len(set(rows)) == 2
    share.tap()
    assert page.evaluate("shared.url").endswith(f"/certificates/{certificate.code}/")
    look_at(page, "phone-certificate", PHONE)


def test_where_a_browser_cannot_share_copying_the_link_comes_first(open_page, learner, certificate):
    page = open_page(DESKTOP, learner)
    page.goto(f"/certificates/{certificate.code}/")
    expect(page.get_by_role("button", name="Copy link")).to_have_class("btn primary")
    assert page.locator(".certificate-actions").evaluate(ACTIONS) == ["Copy link", "PDF", "Print"]
