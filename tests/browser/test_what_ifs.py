"""Figures that readers can change: keys and pointer change the value, the words and the picture."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.interactive import LESSONS, open_figure, shipped_lesson
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.visitors import run_timers, stop_timers
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]

VALUES = "labels => labels.map((label) => label.querySelector('.data')?.textContent ?? null)"


@pytest.mark.parametrize("kind", sorted(LESSONS))
def test_every_slider_shows_its_value(open_page, course, kind):
    figure = open_figure(open_page(), shipped_lesson(course, LESSONS[kind]), kind)
    values = figure.locator("label:has([type=range])").evaluate_all(VALUES)
    assert [value for value in values if not value] == []


@pytest.mark.parametrize(("look", "is_beside"), [(DESKTOP, True), (PHONE, False)], ids=str)
def test_the_controls_are_beside_the_picture_where_the_page_has_a_margin(open_page, course, look, is_beside):
    figure = open_figure(open_page(look), shipped_lesson(course, "iris-classifier"), "boundary")
    picture, controls = (figure.locator(part).bounding_box() for part in ("[data-stage]", ".controls"))
    assert (controls["x"] >= picture["x"] + picture["width"]) is is_beside
    assert (controls["y"] >= picture["y"] + picture["height"]) is not is_beside


def test_a_caption_is_beside_its_picture_where_the_page_has_a_margin(open_page, course):
    page = open_page(DESKTOP)
    page.goto(f"/lessons/{shipped_lesson(course, 'iris-classifier').pk}/")
    figure = page.locator("[data-section] > [data-figure]:not([data-interactive])").first
    picture, caption = (figure.locator(part).bounding_box() for part in ("> svg", "> figcaption"))
    assert caption["x"] >= picture["x"] + picture["width"]
    page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    picture, caption = (figure.locator(part).bounding_box() for part in ("> svg", "> figcaption"))
    assert caption["y"] >= picture["y"] + picture["height"]


def test_arrow_keys_go_on_from_a_dragged_point(open_page, course):
    page = open_page()
    figure = open_figure(page, shipped_lesson(course, "iris-classifier"), "boundary")
    figure.locator("[data-grip=left]").drag_to(figure.locator(".k1").first, force=True)
    left = figure.get_by_role("slider", name="Boundary at the left edge")
    expect(left).to_be_focused()
    before = left.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowDown")
    expect(left).not_to_have_attribute("aria-valuetext", str(before))


def test_the_start_of_a_descent_is_dragged_like_any_other_point(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "line-fit"), "descent")
    mouse, plane = figure.page.mouse, figure.locator("[data-grip=start]").bounding_box()
    mouse.move(plane["x"] + plane["width"] / 4, plane["y"] + plane["height"] / 2)
    mouse.down()
    mouse.move(plane["x"] + plane["width"] / 2, plane["y"] + plane["height"] / 2, steps=4)
    expect(figure.get_by_role("status")).to_contain_text("Step 0: slope 2.5, intercept 1.8,")
    mouse.move(plane["x"] - 40, plane["y"] + plane["height"] / 2)
    mouse.up()
    expect(figure.get_by_role("status")).to_contain_text("Step 0: slope 0.8, intercept 1.8,")  # it stays in the plane
    expect(figure.get_by_role("slider", name="Start: slope")).to_be_focused()


def test_values_have_their_units(open_page, course):
    figure = open_figure(open_page(), shipped_lesson(course, "iris-classifier"), "boundary")
    assert figure.locator(".controls .data").all_inner_texts() == ["1.75 cm", "1.75 cm", "3"]
    figure = open_figure(open_page(), shipped_lesson(course, "convolution-in-code"), "sizes")
    shown = figure.locator(".controls .data").all_inner_texts()
    assert shown == ["7 × 7", "3 × 3", "2 px", "1 px", "2 × 2", "row 1, column 1"]


def test_a_screen_reader_hears_the_sentence_once_the_changes_end(open_page, course):
    page = open_page()
    page.clock.install()
    figure = open_figure(page, shipped_lesson(course, "iris-classifier"), "boundary")
    stop_timers(page)
    sharpness, status = figure.get_by_role("slider", name="Sharpness"), figure.get_by_role("status")
    for _ in range(3):
        sharpness.press("ArrowRight")
    expect(status).to_have_attribute("aria-live", "off")
    run_timers(page, 1)
    expect(status).to_have_attribute("aria-live", "polite")


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
    expect(right).to_have_attribute("aria-valuetext", "1.73 cm")
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
        " The kernel never reaches the last rows and columns, padding included (here 1)."
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
    figure = open_figure(open_page(), shipped_lesson(course, "convolutional-autoencoders"), "walk")
    status, place = figure.get_by_role("status"), figure.get_by_role("slider", name="Part of the way")
    expect(status).to_contain_text(
        "50 % of the way from 0 to 6. Gray pixels: 12 % between the codes, 20 % between the images."
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
