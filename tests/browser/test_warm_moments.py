"""What a learner does for the first time is answered by a sentence and one movement, once, and the movement only if it is welcome."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from labs.models import Run
from lessons.services import mark_lesson_done
from quizzes.services import check_response
from tests import factories as make
from tests.browser.labs import TESTS, make_demo_lab, make_past, picture
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import overflow
from tests.browser.streaming import site
from tests.browser.test_lab_aloud import end
from tests.browser.test_lab_bar import started_tests
from tests.browser.test_lab_page import opened, say
from tests.browser.test_run_in_place import TEXT, listing, make_lesson
from tests.labs.conftest import live, own_folders, runner
from tests.rounds import second_round

__all__ = ["live", "own_folders", "runner", "site"]  # fixtures
pytestmark = [pytest.mark.django_db(transaction=True), second_round]

FIRST_RUN = "Your first program ran. Change a number in it, and run it again."
ALL_PASSED = [{**test, "verdict": "passed", "message": ""} for test in TESTS]


def moves(place):
    return place.evaluate("element => getComputedStyle(element).animationName") != "none"


def enrolled(page, course, lesson):
    """Enroll on the outline, and arrive at the first program."""
    page.goto(f"/courses/{course.slug}/")
    page.locator("main input[name=name]").first.fill("Mina Okafor")
    page.get_by_role("button", name="Enroll").click()
    expect(page).to_have_url(f"/lessons/{lesson.pk}/#c-begin")


def test_who_enrolls_runs_a_first_program_by_one_press_and_reads_so_once(open_page, course, runner, live):
    live.worker()
    lesson = make_lesson(course, TEXT)
    type(lesson).objects.exclude(pk=lesson.pk).update(listings=[])
    page = open_page(DESKTOP, make.make_user())
    enrolled(page, course, lesson)
    expect(page.get_by_text("Press Run, and your first program runs.")).to_be_in_viewport()
    expect(listing(page, "begin").get_by_role("button", name="Run")).to_be_focused()
    page.keyboard.press("Enter")
    expect(listing(page, "begin").locator(".moment")).to_have_text(FIRST_RUN)
    expect(page.locator("[data-announcer]")).to_contain_text(FIRST_RUN)
    own = listing(page, "begin").locator(".moment")
    page.set_viewport_size(PHONE.options["viewport"])
    assert overflow(page) == 0
    assert not moves(own)  # these browsers ask for reduced motion
    listing(page, "begin").get_by_role("button", name="Run").click()
    expect(own).to_have_count(0)
    page.goto(f"/lessons/{lesson.pk}/#c-begin")
    listing(page, "begin").get_by_role("button", name="Run").click()
    expect(listing(page, "begin")).to_contain_text("Ran")
    expect(own).to_have_count(0)


MANY_LINES = """Count.

```python {id=begin runtime=tf2 run=true}
print("\\n".join(str(number) for number in range(1000, 1060)))
```
"""


def test_a_phone_shows_the_sentence_about_the_first_program_above_its_output(open_page, course, runner, live):
    live.worker()
    lesson = make_lesson(course, MANY_LINES)
    type(lesson).objects.exclude(pk=lesson.pk).update(listings=[])
    page = open_page(PHONE, make.make_user(), has_touch=True, is_mobile=True)
    enrolled(page, course, lesson)
    begin = listing(page, "begin")
    begin.get_by_role("button", name="Run").tap()
    expect(begin.locator(".output")).to_contain_text("1059")
    expect(begin.locator(".moment")).to_have_text(FIRST_RUN)
    expect(begin.locator(".moment")).to_be_in_viewport()
    name = begin.locator("[data-name]")
    expect(begin.locator("header")).to_contain_text("Ran")
    assert name.evaluate("name => name.scrollWidth <= name.clientWidth")


def test_a_lesson_is_read_with_a_movement_that_a_reload_does_not_repeat(open_page, learner, course):
    lesson = make_lesson(course, TEXT)
    page = open_page(DESKTOP, learner)
    page.emulate_media(reduced_motion="no-preference")
    page.goto(f"/lessons/{lesson.pk}/")
    page.locator("#end").scroll_into_view_if_needed()
    expect(page.locator("#end .moment")).to_have_text("You have read this lesson.")
    assert moves(page.locator("#end .moment"))
    page.reload()
    expect(page.locator("#end")).to_contain_text("You have read this lesson.")
    expect(page.locator(".moment")).to_have_count(0)


def test_the_first_correct_answer_is_answered_and_announced(open_page, learner, course):
    review = make.make_review(course=course, kinds=["true_false"], questions=1)
    question = review.questions.get()
    page = open_page(DESKTOP, learner)
    page.goto(f"/assessments/{review.pk}/")
    value = {True: "True", False: "False"}[make.right(question)]
    page.get_by_role("radio", name=value, exact=True).check()
    page.get_by_role("button", name="Final Check").click()
    expect(page.locator(".moment")).to_have_text("Your first correct answer. You are on your way.")
    expect(page.locator("[data-announcer]")).to_have_text("Your first correct answer. You are on your way.")
    page.reload()
    expect(page.locator(".moment")).to_have_count(0)


def test_a_lab_is_complete_with_the_plot_that_the_learner_made(open_page, learner, course):
    lab = make_demo_lab(course)
    make_past(lab, learner)
    run = started_tests(lab, learner)
    page = open_page(DESKTOP, learner)
    opened(page, lab)
    say(run, "started")
    end(run, "succeeded", ALL_PASSED)
    Run.objects.filter(pk=run.pk).update(tests=ALL_PASSED, has_passed=True)
    expect(page.locator("[data-tests-note]")).to_have_class("small-text spaced moment")
    expect(page.locator(".lab-tests figure")).to_contain_text("The plot that your code made")
    assert page.locator(".lab-tests figure img").get_attribute("src").endswith(picture("white"))
    page.reload()
    expect(page.locator("[data-tests-note]")).to_have_text("All tests passed. The lab is done.")
    expect(page.locator(".moment")).to_have_count(0)


FULL = "Every square of “Part 3” is full."


@pytest.fixture
def module(course):
    return make.make_module(course=course, folder="03-part", title="Part 3")


def check_right(page, question):
    value = {True: "True", False: "False"}[make.right(question)]
    page.get_by_role("radio", name=value, exact=True).check()
    page.get_by_role("button", name="Final Check").click()


@pytest.mark.parametrize("has_read", [True, False])
def test_the_last_review_question_shows_the_full_row_only_if_it_fills_it(open_page, learner, course, module, has_read):
    lesson = make.make_lesson(module=module)
    review = make.make_review(course=course, module=module, kinds=["true_false"], questions=1)
    if has_read:
        mark_lesson_done(user=learner, lesson=lesson, now=timezone.now())
    page = open_page(DESKTOP, learner)
    page.goto(f"/assessments/{review.pk}/")
    with page.expect_response(f"**/courses/{course.slug}/"):
        check_right(page, review.questions.get())
    expect(page.get_by_role("link", name="All final. Continue")).to_be_visible()
    expect(page.get_by_text(FULL).and_(page.locator("span"))).to_have_count(int(has_read))
    if has_read:
        expect(page.locator("[data-announcer]")).to_have_text(f"Your first correct answer. You are on your way. {FULL}")
        assert page.locator("li[id^='q-'] .moment rect").count() == 2
    page.reload()
    expect(page.get_by_text(FULL)).to_have_count(0)


def test_a_lesson_read_after_the_review_shows_the_full_row(open_page, learner, course, module):
    lesson = make.make_lesson(module=module)
    question = make.make_review(course=course, module=module, kinds=["true_false"], questions=1).questions.get()
    check_response(
        learner=learner, question_id=question.pk, response=make.right(question), number=1, now=timezone.now()
    )
    page = open_page(DESKTOP, learner)
    page.goto(f"/lessons/{lesson.pk}/")
    page.locator("#end").scroll_into_view_if_needed()
    expect(page.locator("#end")).to_contain_text(FULL)
    page.reload()
    expect(page.locator("#end")).not_to_contain_text(FULL)


def test_a_lab_that_fills_the_row_of_its_module_shows_it(open_page, learner, course, module):
    lab = make_demo_lab(course)
    type(lab).objects.filter(pk=lab.pk).update(module=module)
    mark_lesson_done(user=learner, lesson=make.make_lesson(module=module), now=timezone.now())
    run = started_tests(lab, learner)
    page = open_page(DESKTOP, learner)
    opened(page, lab)
    say(run, "started")
    Run.objects.filter(pk=run.pk).update(tests=ALL_PASSED, has_passed=True)
    end(run, "succeeded", ALL_PASSED)
    expect(page.locator(".lab-tests")).to_contain_text(FULL)
    expect(page.locator("[data-announcer]")).to_have_text(f"All tests passed. The lab is done. {FULL}")
