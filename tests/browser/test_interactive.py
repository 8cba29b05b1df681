"""Interactive figures: by keyboard, in words, in print, without JavaScript, and as small as promised."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories as make
from tests.browser.interactive import LESSONS, open_figure, shipped_lesson
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at
from tests.browser.visitors import run_timers, stop_timers
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]

KINDS = sorted(LESSONS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_in_every_look(open_page, look, course, kind):
    figure = open_figure(open_page(look), shipped_lesson(course, LESSONS[kind]), kind)
    assert figure.evaluate("figure => figure.scrollWidth - figure.clientWidth") == 0
    look_at(figure.page, f"figure-{kind}", look)


@pytest.mark.parametrize("kind", KINDS)
def test_paper_and_readers_without_scripts_get_the_static_drawing(open_page, course, kind):
    lesson = shipped_lesson(course, LESSONS[kind])
    figure = open_figure(open_page(), lesson, kind)
    drawing, panel = figure.locator("> svg"), figure.locator("form")
    expect(drawing).to_be_hidden()
    figure.page.emulate_media(media="print")
    expect(drawing).to_be_visible()
    expect(panel).to_be_hidden()
    plain = open_page(java_script_enabled=False)
    plain.goto(f"/lessons/{lesson.pk}/")
    expect(plain.locator(f"[data-interactive={kind}] > svg")).to_be_visible()


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_described_by_the_words_of_its_static_drawing(open_page, course, kind):
    figure = open_figure(open_page(), shipped_lesson(course, LESSONS[kind]), kind)
    words = figure.locator("> svg").get_attribute("aria-label")
    stage = figure.locator("[data-stage]")
    expect(stage).to_have_role("img")
    expect(stage).to_have_accessible_name(words)


def test_a_lesson_without_interactive_figures_loads_none_of_their_files(open_page, course):
    page, asked = open_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/lessons/{course.modules.get(title='Introduction to TensorFlow').lessons.first().pk}/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "lesson" in url and ".js" in url] != []
    assert [url for url in asked if "interactive" in url] == []


PHOTO, DRAWING = '<img src="/a.png" alt="Still" width="9" height="9">', '<svg viewBox="0 0 9 9"></svg>'
MACHINE = '{"weights": [[1]], "visible_biases": [0], "hidden_biases": [0], "seed": 1}'


@pytest.mark.parametrize(("picture", "values"), [(PHOTO, MACHINE), (DRAWING, "{}")])
def test_a_figure_that_cannot_become_live_stays_a_still_picture(open_page, course, picture, values):
    figure = f'<figure data-figure="" data-interactive="gibbs" data-values=\'{values}\'>{picture}</figure>'
    module = course.modules.get(title="Introduction to TensorFlow")
    page = open_page()
    with page.expect_response(lambda response: "interactive-gibbs" in response.url):
        page.goto(f"/lessons/{make.make_lesson(module=module, title='Still', html=figure, is_open=True).pk}/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-interactive] > :is(img, svg)")).to_be_visible()
    expect(page.locator("[data-interactive] form")).to_have_count(0)


def test_a_figure_shows_its_static_drawing_until_its_style_has_come(open_page, course):
    lesson, page, held = shipped_lesson(course, "line-fit"), open_page(), []
    page.route("**/css/interactive*.css", lambda route: held.append(route))
    page.goto(f"/lessons/{lesson.pk}/")
    figure = page.locator("[data-interactive=descent]")
    with page.expect_request("**/css/interactive*.css"):
        figure.scroll_into_view_if_needed()
    still = figure.locator(":scope > svg")
    expect(still).to_be_visible()
    expect(figure.locator("form")).to_be_hidden()
    held[0].continue_()
    expect(figure.locator("form")).to_be_visible()
    expect(still).to_be_hidden()


def test_a_figure_whose_style_does_not_come_stays_a_still_picture(open_page, course):
    lesson, page = shipped_lesson(course, "line-fit"), open_page()
    page.route("**/css/interactive*.css", lambda route: route.abort())
    page.goto(f"/lessons/{lesson.pk}/")
    figure = page.locator("[data-interactive=descent]")
    with page.expect_event("requestfailed"):
        figure.scroll_into_view_if_needed()
    expect(figure.locator(":scope > svg")).to_be_visible()
    expect(figure.locator("form")).to_be_hidden()


def test_a_kernel_moves_by_arrow_key_and_the_figure_says_its_sum(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "feature-learning"), "convolution")
    status = figure.get_by_role("status")
    position = figure.get_by_role("slider", name="Position of the kernel")
    expect(status).to_have_text("Row 1, column 1: −1 · 0 + 1 · 1 − 1 · 0 + 1 · 1 − 1 · 0 + 1 · 1 = 3.")
    position.focus()
    position.press("ArrowRight")
    position.press("ArrowRight")
    expect(status).to_have_text("Row 1, column 3: −1 · 1 + 1 · 1 − 1 · 1 + 1 · 1 − 1 · 1 + 1 · 1 = 0.")
    expect(position).to_have_attribute("aria-valuetext", "3: 0")
    figure.get_by_role("combobox", name="Image").select_option("falling line")
    figure.get_by_role("combobox", name="Kernel").select_option("falling lines")
    position.press("Home")
    expect(status).to_contain_text("Row 1, column 1: 2 · 1 − 1 · 0 − 1 · 0 − 1 · 0 + 2 · 1")
    expect(status).to_contain_text("= 6.")


# The squares of the first table, 0 first and 1 last: how much of the text color is over the paper
INKED = """
figure => [...figure.querySelector("[data-stage] > svg").querySelectorAll(".dark, .bright")]
  .map((square) => getComputedStyle(square).fill === "rgba(0, 0, 0, 0)" ? 0 : Number(square.getAttribute("fill-opacity")))
"""


def test_the_dark_pixels_of_an_image_are_darker_than_the_bright_ones_in_both_themes(open_page, course):
    page = open_page()
    figure = open_figure(page, shipped_lesson(course, "feature-learning"), "convolution")
    for scheme, dark, bright in (("light", 0.35, 0), ("dark", 0, 0.35)):  # letters are dark on light, or light on dark
        page.emulate_media(color_scheme=scheme)
        inked = figure.evaluate(INKED)
        assert (scheme, sum(inked[:2]), sum(inked[-2:])) == (scheme, dark, bright)


def test_the_descent_follows_the_learning_rate_and_diverges_if_it_is_too_large(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "line-fit"), "descent")
    status, step = figure.get_by_role("status"), figure.get_by_role("slider", name="Step")
    expect(status).to_have_text("Step 0: slope 1, intercept 0.2, loss 8.29. Gradient: (−3.22, −5.64).")
    step.press("ArrowRight")
    expect(status).to_have_text("Step 1: slope 2.61, intercept 3.02, loss 0.706. Gradient: (0.784, 1.65).")
    figure.get_by_role("slider", name="Learning rate").press("End")
    step.press("End")
    expect(status).to_contain_text("Step 25: slope 975, intercept 1770, loss 5240000.")
    figure.get_by_role("slider", name="Start: slope").fill("3")
    figure.get_by_role("slider", name="Start: intercept").fill("2")
    step.press("Home")
    expect(status).to_contain_text("Step 0: slope 3, intercept 2, loss 0.0098")


def test_the_sliders_take_what_the_course_gives_and_move_by_a_hundredth(open_page, course):
    lesson = shipped_lesson(course, "line-fit")
    for old, new in [
        ("0.05,0.9", "0.001,0.1"),
        ("rate&quot;:0.5", "rate&quot;:0.03"),
        ("start&quot;:[1,0.2]", "start&quot;:[1.25,0.25]"),
    ]:
        assert lesson.html.count(old) == 1
        lesson.html = lesson.html.replace(old, new)
    lesson.save()
    figure = open_figure(open_page(), lesson, "descent")
    rate, start = figure.get_by_role("slider", name="Learning rate"), figure.get_by_role("slider", name="Start: slope")
    expect(figure.get_by_role("status")).to_contain_text("Step 0: slope 1.25, intercept 0.25,")
    expect(rate).to_have_attribute("aria-valuetext", "0.03")
    expect(figure.locator("label").first).to_contain_text("0.03")
    for key, value in [
        ("ArrowRight", "0.031"),
        ("ArrowDown", "0.03"),
        ("PageUp", "0.0399"),
        ("Home", "0.001"),
        ("ArrowUp", "0.002"),
    ]:
        rate.press(key)
        expect(rate).to_have_attribute("aria-valuetext", value)
    start.press("ArrowLeft")
    expect(figure.get_by_role("status")).to_contain_text("Step 0: slope 1.22, intercept 0.25,")


def test_a_click_in_the_plane_is_the_start_of_the_descent(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "line-fit"), "descent")
    figure.locator(".inner .pa").click(force=True)
    expect(figure.get_by_role("status")).to_contain_text("Step 0: slope 2.5, intercept 1.8,")


def test_a_cell_unrolls_and_a_smaller_weight_forgets_its_first_state_sooner(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "recurrent-cell"), "unrolling")
    status, steps = figure.get_by_role("status"), figure.get_by_role("slider", name="Steps")
    expect(status).to_have_text("The cell with its loop. Move “Steps” to unroll it.")
    steps.press("ArrowRight")
    steps.press("ArrowRight")
    expect(status).to_have_text(
        "h₂ = tanh(1 · 0 + 0.8 · 0.762 + 0) = 0.544. A small change of h₁ changes h₂ by 0.564 times as much."
    )
    figure.get_by_role("slider", name="Recurrent weight").fill("-0.5")
    expect(status).to_have_text(
        "h₂ = tanh(1 · 0 + (−0.5) · 0.762 + 0) = −0.363. A small change of h₁ changes h₂ by −0.434 times as much."
    )


def test_the_chain_of_the_rbm_is_sampled_by_keyboard_and_compared_with_the_exact_probabilities(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "sampling-rbm"), "gibbs")
    status = figure.get_by_role("status")
    half = figure.get_by_role("button", name="Sample the other layer")
    half.focus()
    half.press("Enter")
    expect(status).to_have_text("Up: the hidden units are on with probability 0.27, 0.5. Sampled: 1, 0.")
    half.press("Space")
    expect(status).to_contain_text(
        "Down: the visible units are on with probability 0.88, 0.62, 0.62. Sampled: 1, 0, 0. After 1"
    )
    figure.get_by_role("button", name="100 steps").press("Enter")
    expect(status).to_contain_text("After 101 steps, the chain and the exact probabilities differ by at most ")
    expect(status).to_have_text(re.compile(r"[^.]\.$"))
    figure.get_by_role("button", name="Start again").press("Enter")
    expect(status).to_have_text("All units are off. Sample the hidden units first.")


def test_the_latent_plane_is_decoded_under_the_pointer_and_by_keyboard(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "autoencoders-in-tensorflow"), "latent")
    status, across = figure.get_by_role("status"), figure.get_by_role("slider", name="First number")
    expect(status).to_have_text(
        re.compile(r"^Code \(0, 0\)\. The nearest of the 60 test digits in the plane is labeled \d\.$")
    )
    across.press("ArrowRight")
    expect(status).to_contain_text("Code (0.05, 0).")
    plane = figure.locator(".inner .pa")
    size = plane.bounding_box()
    ink = (
        "figure => [...figure.querySelectorAll('.ink-fill')].map((pixel) => pixel.getAttribute('fill-opacity')).join()"
    )
    seen = {figure.evaluate(ink)}
    for share in (0.1, 0.9):
        plane.hover(position={"x": share * size["width"], "y": size["height"] / 2}, force=True)
        expect(status).to_contain_text(f"Code ({'−2' if share < 0.5 else '2'}, 0")
        seen.add(figure.evaluate(ink))
    assert len(seen) == 3


def test_play_goes_on_by_itself_until_pause_or_the_end_and_only_then_is_heard(open_page, course):
    page = open_page(DESKTOP)
    page.emulate_media(reduced_motion="no-preference")
    page.clock.install()
    figure = open_figure(page, shipped_lesson(course, "feature-learning"), "convolution")
    stop_timers(page)
    position, status = figure.get_by_role("slider"), figure.get_by_role("status")
    figure.get_by_role("button", name="Play").click()
    run_timers(page, 1.5)
    expect(position).to_have_value("4")
    expect(status).to_have_attribute("aria-live", "off")
    figure.get_by_role("button", name="Pause").click()
    run_timers(page, 60)
    expect(position).to_have_value("4")
    expect(status).to_have_attribute("aria-live", "polite")
    figure.get_by_role("button", name="Play").click()
    run_timers(page, 60)
    expect(position).to_have_value("9")
    expect(figure.get_by_role("button", name="Play")).to_be_visible()


def test_readers_who_want_no_motion_are_not_offered_any(open_page, course):
    figure = open_figure(open_page(PHONE), shipped_lesson(course, "feature-learning"), "convolution")
    expect(figure.get_by_role("button", name="Play")).to_be_hidden()


def test_a_lesson_with_a_figure_opens_in_large_letters_as_all_others_do(open_page, course):
    page = open_page()
    for key in ("welcome", *LESSONS.values()):
        page.goto(f"/lessons/{shipped_lesson(course, key).pk}/")
        opening = page.locator("[data-section]").first.locator("> :first-child")
        size = opening.evaluate("paragraph => [paragraph.tagName, getComputedStyle(paragraph).fontSize]")
        assert (key, size) == (key, ["P", "20px"])
