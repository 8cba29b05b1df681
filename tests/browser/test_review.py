"""Review questions with a script: cards swap in place, drafts save automatically, Return never uses an attempt."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from quizzes.models import Attempt, SittingQuestion
from quizzes.services import check_response
from tests.browser import course as demo
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import overflow, shoot
from tests.browser.visitors import run_timers, stop_timers, wait_until_sent
from tests.factories import make_late

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def review(course):
    return demo.review_of(course)


def question_of(review, kind):
    return review.questions.select_related("current").get(current__type=kind)


def card_of(page, question):
    return page.locator(f"[id='q-{question.pk}-card']")


def test_a_draft_saves_itself_within_a_second(open_page, learner, review):
    page = open_page(user=learner)
    question = question_of(review, "text")
    page.clock.install()
    page.goto(f"/assessments/{review.pk}/")
    stop_timers(page)
    card_of(page, question).locator("input.field").fill("relu")
    with page.expect_response("**/draft/"):
        run_timers(page, seconds=1)
    page.clock.resume()
    expect(card_of(page, question).locator("[data-saved]")).to_have_text(re.compile(r"Saved \d\d:\d\d:\d\d"))
    expect(card_of(page, question)).to_contain_text("Saved, not checked")
    page.reload()
    expect(card_of(page, question).locator("input.field")).to_have_value("relu")


def test_what_was_typed_before_the_script_arrived_is_saved(open_page, learner, review):
    page, late = open_page(user=learner), []
    question = question_of(review, "text")
    page.route("**/js/questions*.js", lambda route: late.append(route))
    page.goto(f"/assessments/{review.pk}/", wait_until="commit")
    card_of(page, question).locator("input.field").press_sequentially("relu")
    assert late
    with page.expect_response("**/draft/"):
        late.pop().continue_()
    wait_until_sent(page)
    assert SittingQuestion.objects.get(question=question).draft == "relu"


def test_a_field_that_has_the_focus_as_it_was_saves_nothing(open_page, learner, review):
    page, late, drafts = open_page(user=learner), [], []
    question = question_of(review, "text")
    page.on("request", lambda request: drafts.append(request.url) if request.url.endswith("/draft/") else None)
    page.route("**/js/questions*.js", lambda route: late.append(route))
    page.goto(f"/assessments/{review.pk}/", wait_until="commit")
    card_of(page, question).locator("input.field").focus()
    page.clock.install()
    late.pop().continue_()
    page.wait_for_load_state("networkidle")
    page.clock.run_for(5_000)
    assert (drafts, SittingQuestion.objects.exists()) == ([], False)


def test_a_button_stays_readable_while_it_waits_for_its_answer(open_page, learner, review):
    page, held = open_page(user=learner), []
    question = question_of(review, "text")
    page.goto(f"/assessments/{review.pk}/")
    card_of(page, question).locator("input.field").fill("relu")
    page.route("**/check/", lambda route: held.append(route))
    button = card_of(page, question).locator("[data-check]")
    with page.expect_request("**/check/"):
        button.click()  # the pointer stays on it
    expect(button).to_be_disabled()
    expect(button).to_have_css("background-color", "rgba(0, 0, 0, 0)")  # as of every button that is disabled
    held[0].continue_()
    expect(card_of(page, question)).to_contain_text(re.compile("Not quite|Correct"))


def test_the_navigator_keeps_a_wrong_attempt_while_the_next_response_is_saved(open_page, learner, review):
    page = open_page(user=learner)
    question = question_of(review, "text")
    page.goto(f"/assessments/{review.pk}/")
    cell = page.locator(f"[data-nav] [data-question='{question.pk}']")
    card_of(page, question).locator("input.field").fill("no idea")
    card_of(page, question).locator("[data-check]").click()
    expect(cell).to_have_class("again")
    card_of(page, question).locator("input.field").fill("another")
    expect(cell).to_have_class("saved again")
    expect(cell).to_contain_text("incorrect so far, saved, not checked")
    page.reload()
    expect(cell).to_have_class("saved again")


def test_return_in_a_text_field_saves_and_uses_no_attempt(open_page, learner, review):
    page = open_page(user=learner)
    question = question_of(review, "numeric")
    page.goto(f"/assessments/{review.pk}/")
    field = card_of(page, question).locator("input.field")
    field.fill("1.61")
    field.press("Enter")
    expect(card_of(page, question).locator("[data-saved]")).to_contain_text("Saved")
    expect(card_of(page, question).locator("[data-check]")).to_be_focused()
    assert SittingQuestion.objects.get().draft == "1.61"
    assert Attempt.objects.count() == 0


def test_a_check_swaps_the_card_and_the_running_total_in_place(open_page, learner, review):
    page = open_page(user=learner)
    question = question_of(review, "numeric")
    page.goto(f"/assessments/{review.pk}/")
    page.evaluate("window.isTheSamePage = true")
    card_of(page, question).locator("input.field").fill("1.61")
    card_of(page, question).locator("[data-check]").click()
    expect(card_of(page, question)).to_contain_text("Correct")
    expect(page.locator("#running-total .total")).to_contain_text("1 / 8")
    expect(page.locator(f"[data-nav] [data-question='{question.pk}']")).to_have_class("right")
    expect(page.locator("[data-count=right]")).to_have_text("1")
    expect(page.locator(":focus")).to_have_text("Correct. This question is final.")
    assert page.evaluate("window.isTheSamePage")
    wait_until_sent(page)


def test_a_late_answer_says_before_and_after_its_check_what_it_counts(open_page, learner, review):
    make_late(review, due_at=timezone.now() - timedelta(hours=1), percent_per_day=20)
    page = open_page(user=learner)
    question = question_of(review, "numeric")
    page.goto(f"/assessments/{review.pk}/")
    expect(page.locator(".head")).to_contain_text("Late: 20 % less today.")
    card_of(page, question).locator("input.field").fill("1.61")
    card_of(page, question).locator("[data-check]").click()
    expect(card_of(page, question)).to_contain_text("Late: 20 % less")
    expect(page.locator("#running-total .total")).to_contain_text("0.8 / 8")
    wait_until_sent(page)


def test_on_a_phone_the_total_stays_in_sight_and_leads_to_the_next_open_question(open_page, learner, review):
    first, second, third, *_rest = review.questions.order_by("position")
    page = open_page(PHONE, learner)
    page.goto(f"/assessments/{review.pk}/")
    follow = page.get_by_role("link", name="Next open question")
    for question in (first, second):
        follow.click()
        expect(page.locator(f"[id='q-{question.pk}']")).to_be_in_viewport()
        expect(page.locator("#running-total .total")).to_be_in_viewport(ratio=1)
    page.locator("[data-strip] summary").click()
    cell = page.locator("[data-nav]").locator(f"[data-question='{third.pk}']")
    shoot(page, "review-strip", PHONE)
    cell.click()
    expect(cell).to_be_hidden()
    expect(page.locator(f"[id='q-{third.pk}']")).to_be_in_viewport()
    assert (
        page.evaluate("visible => document.querySelector(visible).getBoundingClientRect().top", f"[id='q-{third.pk}']")
        >= 48
    )


def place_of(card, text):
    """Return the number beside an item of an ordering question."""
    return card.locator("li", has_text=text).locator("[data-place]")


@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=str)
def test_an_order_is_given_as_it_is_by_keys_and_by_drag_and_each_move_is_told(open_page, learner, review, look):
    page = open_page(look, learner)
    question = question_of(review, "ordering")
    page.goto(f"/assessments/{review.pk}/")
    card = card_of(page, question)
    texts = {item["id"]: item["source"] for item in question.current.body["items"]}
    items = [row.get_attribute("data-item") for row in card.locator("li[data-item]").all()]
    first, second, *_rest = [texts[item] for item in items]
    card.get_by_role("button", name="Keep this order").click()
    expect(place_of(card, second)).to_have_text("2")
    expect(card.locator("[data-check]")).to_be_focused()
    expect(card.get_by_role("button", name="Keep this order")).to_be_hidden()
    card.locator("li", has_text=second).locator("[data-move=down]").focus()
    page.keyboard.press("ArrowUp")
    expect(place_of(card, second)).to_have_text("1")
    expect(card.locator("[data-moved]")).to_have_text(f"{second}: position 1 of 5")
    page.keyboard.press("ArrowDown")
    expect(place_of(card, second)).to_have_text("2")
    card.locator("li", has_text=first).locator("[data-grip]").hover()
    page.mouse.down()
    card.locator("li").last.hover(position={"x": 20, "y": 44})
    page.mouse.up()
    expect(place_of(card, first)).to_have_text("5")
    expect(card.locator("[data-moved]")).to_have_text(f"{first}: position 5 of 5")
    expect(card.locator("[data-saved]")).to_contain_text("Saved")
    wait_until_sent(page)
    assert SittingQuestion.objects.get().draft == [*items[1:], items[0]]


def test_a_refused_response_stays_as_it_was_typed(open_page, learner, review):
    page = open_page(user=learner)
    question = question_of(review, "numeric")
    page.goto(f"/assessments/{review.pk}/")
    card_of(page, question).locator("input.field").fill("about two")
    card_of(page, question).locator("[data-check]").click()
    expect(card_of(page, question).get_by_role("alert")).to_contain_text("No attempt was used.")
    expect(card_of(page, question).locator("input.field")).to_have_value("about two")
    shoot(page, "review-refused", DESKTOP)
    assert Attempt.objects.count() == 0


def test_a_lost_connection_is_reported_and_uses_no_second_attempt(open_context, learner, review):
    context = open_context(user=learner)
    page = context.new_page()
    question = question_of(review, "numeric")
    page.goto(f"/assessments/{review.pk}/")
    card_of(page, question).locator("input.field").fill("7")
    page.route("**/check/", lost_on_the_way_back)
    card_of(page, question).locator("[data-check]").click()
    expect(card_of(page, question).locator("[data-saved]")).to_contain_text("Your response is kept on this device")
    assert Attempt.objects.count() == 1
    page.unroute("**/check/")
    expect(card_of(page, question).locator("[data-check]")).to_be_enabled()
    card_of(page, question).locator("[data-check]").click()
    expect(card_of(page, question)).to_contain_text("Not quite")
    assert Attempt.objects.count() == 1


def lost_on_the_way_back(route):
    """The server gets the request, but its answer never arrives."""
    route.fetch()
    route.abort()


def report(page, review, question, text):
    """Return the question's card after sending the report."""
    page.goto(f"/assessments/{review.pk}/")
    card = card_of(page, question)
    card.get_by_text("Report this question").click()
    card.locator("textarea").fill(text)
    card.get_by_role("button", name="Send report").click()
    return card


def test_a_question_is_reported_in_place(open_page, learner, review):
    question = question_of(review, "text")
    card = report(open_page(user=learner), review, question, "The zero is missing.")
    expect(card.get_by_role("status").first).to_contain_text("The instructors have your report")
    assert question.reports.get().text == "The zero is missing."


def test_a_report_of_spaces_is_refused_beneath_its_field(open_page, learner, review):
    page = open_page(user=learner)
    card = report(page, review, question_of(review, "text"), "   ")
    expect(card.locator("details").get_by_role("alert")).to_contain_text("Your report is empty")
    expect(card.locator("textarea")).to_have_value("   ")
    expect(page.locator("main")).to_have_count(1)


def test_a_refused_response_keeps_the_focus_at_its_refusal(open_page, learner, review):
    page = open_page(user=learner)
    question = question_of(review, "numeric")
    page.goto(f"/assessments/{review.pk}/")
    card_of(page, question).locator("[data-check]").click()
    expect(card_of(page, question).get_by_role("alert")).to_be_focused()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, "<!doctype html><main><div data-sentence><p>It is our mistake.</p></div></main>", "It is our mistake."),
        (502, "<html><body>Bad Gateway</body></html>", "Your text is still here"),
        (403, "<!doctype html><main><div data-sentence><p>Not for you.</p></div></main>", "Not for you."),
        (200, "<!doctype html><main><h1>Sign in</h1></main>", "You are signed out"),
    ],
)
def test_a_whole_page_is_never_put_into_a_question(open_page, learner, review, status, body, said):
    page = open_page(user=learner)
    question = question_of(review, "numeric")
    page.goto(f"/assessments/{review.pk}/")
    page.route("**/check/", lambda route: route.fulfill(status=status, body=body, content_type="text/html"))
    card_of(page, question).locator("input.field").fill("1.61")
    card_of(page, question).locator("[data-check]").click()
    expect(card_of(page, question).get_by_role("alert")).to_contain_text(said)
    expect(card_of(page, question).locator("input.field")).to_have_value("1.61")
    expect(page.locator("main")).to_have_count(1)


@pytest.mark.parametrize("kind", ["numeric", "text", "tensor_shape"])
def test_a_label_leads_into_its_field(open_page, learner, review, kind):
    page = open_page(user=learner)
    card = card_of(page, question_of(review, kind))
    page.goto(f"/assessments/{review.pk}/")
    card.locator("label.field-label").first.click()
    expect(card.locator("input.field")).to_be_focused()


LONG = r"$\frac{1}{n}\sum_{i=1}^{n}(w_1 x_{i1} + w_2 x_{i2} + w_3 x_{i3} + w_4 x_{i4} + b - y_i)^2 + \lambda(w_1^2 + w_2^2)$"


def test_a_long_formula_in_a_line_does_not_widen_a_phones_page(open_page, learner, review):
    options = [{"text": LONG, "right": True, "why": f"As {LONG} says."}, {"text": "$x$", "why": f"Not {LONG}."}]
    question = demo.ask(review, "single_choice", f"What is {LONG}?", f"It is {LONG}, no less.", {"options": options})
    page = open_page(PHONE, learner)
    page.goto(f"/assessments/{review.pk}/")
    assert overflow(page) == 0
    check_response(
        learner=learner,
        question_id=question.pk,
        response=demo.response(question, is_right=True),
        number=1,
        now=timezone.now(),
    )
    page.reload()
    expect(card_of(page, question).locator(".why").last).to_contain_text("no less")
    assert overflow(page) == 0
    shoot(page, "review-long-formula", PHONE)


def test_an_option_that_was_tried_does_not_widen_a_phones_page(open_page, learner, review):
    question = question_of(review, "single_choice")
    page = open_page(PHONE, learner)
    page.goto(f"/assessments/{review.pk}/")
    card_of(page, question).locator(f"[value='{demo.response(question, is_right=False)}']").check()
    card_of(page, question).get_by_role("button", name="Check").click()
    expect(card_of(page, question).get_by_text("Tried, incorrect")).to_be_visible()
    assert overflow(page) == 0


def test_a_final_ordering_question_is_practiced_with_keys_and_stores_nothing(open_page, learner, review):
    question = question_of(review, "ordering")
    check_response(
        learner=learner,
        question_id=question.pk,
        response=demo.response(question, is_right=True),
        number=1,
        now=timezone.now(),
    )
    page = open_page(user=learner)
    page.goto(f"/assessments/{review.pk}/")
    card_of(page, question).get_by_role("link", name="Practice this question again").click()
    page.get_by_role("button", name="Keep this order").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Check practice response")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main [autofocus]")).to_be_focused()
    page.get_by_role("link", name="Start over").click()
    expect(page.locator("[data-ordering] select").first).to_have_value("")
    assert Attempt.objects.count() == 1
