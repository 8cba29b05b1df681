"""Interactive figures: by keyboard, in words, in print, without JavaScript, and as small as promised."""

import re

import pytest
from playwright.sync_api import Locator, expect

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
    figure = open_figure(open_page(), shipped_lesson(course, "initializing-rbm"), "gibbs")
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


def test_a_boundary_is_moved_by_keyboard_and_pointer_and_trained_to_a_smaller_loss(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "iris-classifier"), "boundary")
    status, picture = figure.get_by_role("status"), figure.locator("[data-stage]")
    expect(status).to_have_text(
        "Loss 0.354; the smallest possible is 0.103. 94 of 100 are on their side of the boundary."
        " The largest surprise at one of them is 1.4."
    )
    seen = {picture.inner_html()}
    figure.get_by_role("slider", name="Sharpness").press("End")
    expect(status).to_contain_text("Loss 0.27; the smallest possible is 0.103. 94 of 100")
    seen.add(picture.inner_html())
    figure.get_by_role("button", name="Start again").press("Enter")
    expect(status).to_contain_text("Loss 0.354;")
    right = figure.get_by_role("slider", name="Boundary at the right edge")
    right.press("ArrowDown")
    expect(right).to_have_attribute("aria-valuetext", "1.73")
    expect(status).to_contain_text("Loss 0.35;")
    figure.get_by_role("button", name="Train a little").press("Enter")
    expect(status).to_contain_text(re.compile(r"Loss 0\.1[0-9]+;"))
    handle = figure.locator("[data-grip=left]")
    handle.drag_to(figure.locator(".k1").first, force=True)
    seen.add(picture.inner_html())
    assert len(seen) == 3
    expect(figure.get_by_role("slider", name="Boundary at the left edge")).to_have_attribute(
        "aria-valuetext", re.compile(r"^2\.5")
    )


def test_a_temperature_sharpens_and_flattens_the_probabilities_and_a_score_can_be_dragged(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "language-models"), "softmax")
    status, heat = figure.get_by_role("status"), figure.get_by_role("slider", name="Temperature")
    expect(status).to_have_text(
        "Temperature 1: e 67 %, t 24 %, a 9 %. This is as uncertain as a choice among 2.3 equally likely options."
    )
    heat.press("Home")
    expect(status).to_contain_text("Temperature 0.1: e 100 %, t 0 %, a 0 %. This is as uncertain as a choice among 1 ")
    heat.press("End")
    expect(status).to_contain_text("Temperature 10: e 37 %, t 33 %, a 30 %. This is as uncertain as a choice among 3 ")
    figure.get_by_role("combobox", name="Option").select_option("a")
    score = figure.get_by_role("slider", name="Its score")
    expect(score).to_have_attribute("aria-valuetext", "0")
    score.press("End")
    expect(score).to_have_attribute("aria-valuetext", "3")
    expect(status).to_contain_text("a 37 %")
    bar = figure.locator("[data-grip='1']")
    bar.click(position={"x": 9, "y": 9}, force=True)
    expect(figure.get_by_role("combobox", name="Option")).to_have_value("1")
    expect(score).to_have_attribute("aria-valuetext", re.compile(r"^(2\.9|3)"))


def test_gates_keep_a_memory_until_the_forget_gate_closes(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "long-short-term-memory-model"), "gates")
    status, step = figure.get_by_role("status"), figure.get_by_role("slider", name="Step")
    expect(status).to_have_text(
        "Step 1: memory = 0.5 · 0 + 1 · 0.8 = 0.8; state = 0 · tanh(0.8) = 0."
        " Of the memory of step 1, 77.4 % is left at step 6."
    )
    picture = figure.locator("[data-stage]").inner_html()
    step.press("End")
    expect(status).to_contain_text("Step 6: memory = 0.95 · 0.69 + 0 · 0.3 = 0.65; state = 1 · tanh(0.65) = 0.57.")
    step.press("ArrowLeft")
    figure.get_by_role("slider", name="Forget gate").press("Home")
    expect(status).to_contain_text("Step 5: memory = 0 · 0.72 + 0 · 0.7 = 0;")
    expect(status).to_contain_text("Of the memory of step 1, 0 % is left at step 6.")
    step.press("ArrowRight")
    expect(step).to_have_attribute("aria-valuetext", "6: memory 0")
    figure.locator("[data-grip='input 3']").click(position={"x": 9, "y": 5}, force=True)
    expect(step).to_have_value("4")
    expect(figure.get_by_role("slider", name="Input gate")).to_have_attribute(
        "aria-valuetext", re.compile(r"^(0\.9|1)")
    )
    assert figure.locator("[data-stage]").inner_html() != picture


def test_sizes_follow_stride_padding_and_pooling_and_say_what_a_kernel_never_reaches(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "convolution-in-code"), "sizes")
    status, position = figure.get_by_role("status"), figure.get_by_role("slider", name="Position of the kernel")
    expect(status).to_have_text(
        "(7 + 2 · 1 − 3) / 2 = 3. Round down and add 1: the map is 4 × 4. Pooling with 2 × 2 windows leaves 2 × 2 of 4 × 4."
    )
    picture = figure.locator("[data-stage]").inner_html()
    figure.get_by_role("slider", name="Image size").press("ArrowRight")
    expect(status).to_have_text(
        "(8 + 2 · 1 − 3) / 2 = 3.5. Round down and add 1: the map is 4 × 4."
        " The kernel never reaches the last rows and columns (here 1)."
        " Pooling with 2 × 2 windows leaves 2 × 2 of 4 × 4."
    )
    figure.get_by_role("slider", name="Pooling size").press("Home")
    figure.get_by_role("slider", name="Stride").press("Home")
    expect(status).to_have_text("(8 + 2 · 1 − 3) / 1 = 7. Round down and add 1: the map is 8 × 8.")
    position.press("ArrowRight")
    expect(position).to_have_attribute("aria-valuetext", "row 1, column 2")
    figure.locator("[data-grip=map]").click(position={"x": 2, "y": 2}, force=True)
    expect(position).to_have_attribute("aria-valuetext", "row 1, column 1")
    figure.get_by_role("slider", name="Padding").press("Home")
    figure.get_by_role("slider", name="Image size").press("Home")
    figure.get_by_role("slider", name="Kernel size").press("End")
    expect(status).to_have_text("A kernel of 5 × 5 does not fit on 3 × 3 cells, so there is no map.")
    assert figure.locator("[data-stage]").inner_html() != picture


def test_a_walk_between_two_digits_is_walked_by_keyboard_and_pointer(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "autoencoders-in-tensorflow"), "walk")
    status, place = figure.get_by_role("status"), figure.get_by_role("slider", name="Part of the way")
    expect(status).to_contain_text(
        "50 % of the way from 0 to 6. Between the codes, 12 % of the pixels are gray; between the images, 20 %."
    )
    seen = {figure.locator("[data-stage]").inner_html()}
    place.press("ArrowRight")
    expect(status).to_contain_text("51 % of the way")
    seen.add(figure.locator("[data-stage]").inner_html())
    figure.get_by_role("combobox", name="From").select_option("7")
    expect(status).to_contain_text("51 % of the way from 7 to ")
    seen.add(figure.locator("[data-stage]").inner_html())
    figure.locator("[data-grip=place]").click(position={"x": 3, "y": 20}, force=True)
    expect(status).to_contain_text("0 % of the way from 7 to ")
    expect(place).to_have_attribute("aria-valuetext", "0 %")
    assert len(seen) == 3


def draw(figure: Locator, points: list[tuple[float, float]]) -> None:
    """Draw one stroke with the mouse. Points are shares of the paper."""
    paper, mouse = figure.locator("[data-grip=pen]").bounding_box(), figure.page.mouse
    assert paper is not None
    for number, (x, y) in enumerate(points):
        mouse.move(paper["x"] + x * paper["width"], paper["y"] + y * paper["height"], steps=6)
        if number == 0:
            mouse.down()
    mouse.up()


def test_the_network_reads_a_drawn_one_and_a_drawn_zero(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "welcome"), "digit")
    status = figure.get_by_role("status")
    expect(status).to_have_text("Draw a digit from 0 to 9, or choose a drawing.")
    figure.scroll_into_view_if_needed()
    draw(figure, [(0.55, 0.1), (0.5, 0.5), (0.48, 0.9)])
    expect(status).to_contain_text("The network reads 1 (9")
    figure.get_by_role("button", name="Clear").click()
    expect(status).to_have_text("Draw a digit from 0 to 9, or choose a drawing.")
    draw(figure, [(0.5, 0.1), (0.3, 0.3), (0.28, 0.6), (0.45, 0.88), (0.65, 0.75), (0.7, 0.4), (0.6, 0.15), (0.5, 0.1)])
    expect(status).to_contain_text("The network reads 0 (9")


def test_a_digit_is_drawn_by_keyboard_alone_with_all_arrows_on_one_slider(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "welcome"), "digit")
    status, pen = figure.get_by_role("status"), figure.get_by_role("slider", name="Pen: from the left")
    pen.focus()
    for key, count in (("ArrowUp", 10), ("Space", 1), ("ArrowDown", 20), ("Space", 1)):
        for _ in range(count):
            pen.press(key)
    expect(figure.get_by_role("checkbox", name="Pen on the paper")).not_to_be_checked()
    expect(figure.get_by_role("slider", name="Pen: from the top")).to_have_attribute("aria-valuetext", "90 %")
    expect(status).to_contain_text("The network reads 1 (9")
    figure.get_by_role("combobox", name="Drawing").select_option("a house")
    expect(status).to_have_text("The network reads 0 (99.9 %). It gives each other digit less than 0.1 %.")


def test_a_reader_whose_network_did_not_load_is_told_so_and_can_draw_again(open_page, course):
    page = open_page()
    page.route("**/networks/*", lambda route: route.abort())
    figure = open_figure(page, shipped_lesson(course, "welcome"), "digit")
    figure.get_by_role("combobox", name="Drawing").select_option(label="1")
    expect(figure.get_by_role("status")).to_have_text(
        "The network did not load. Check your connection, and draw again."
    )
    page.unroute("**/networks/*")
    figure.scroll_into_view_if_needed()
    draw(figure, [(0.55, 0.1), (0.48, 0.9)])
    expect(figure.get_by_role("status")).to_contain_text("The network reads 1 (9")


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
