"""A lab in a browser, on a real worker and a real runner, and how the page handles the events of a run."""

import json
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from labs import streams
from labs.models import LabDraft, OutputPage, Run, Session
from labs.services import save_lab_draft
from tests import factories as make
from tests.browser import labs
from tests.browser.labs import EVERYTHING, going_on, make_demo_lab, make_past, ours, past
from tests.browser.looks import DESKTOP
from tests.browser.shots import look_at, shoot
from tests.browser.streaming import site
from tests.labs.conftest import live, own_folders, runner
from tests.rounds import second_round

__all__ = ["live", "own_folders", "runner", "site"]  # fixtures
pytestmark = [pytest.mark.django_db(transaction=True), second_round]

SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")
TRAIN = """import time
print("first line")
open("left.txt", "w").write(open("given.csv").read())
for step in range(1, 400):
    progress(step, 400, loss=1 / step)
    time.sleep(0.05)
"""
FIRST = {"text/plain": "first"}
FIGURE = """import matplotlib.pyplot as plt
plt.plot([1, 2], [3, 4]); plt.title("Two points"); plt.show()
"""


@pytest.fixture
def lab(course):
    return make_demo_lab(course)


@pytest.fixture
def page(open_page, learner, lab):
    return opened(open_page(user=learner), lab)


def opened(page, lab):
    page.goto(f"/labs/{lab.pk}/")
    expect(page.get_by_role("button", name="Run tests")).to_be_visible()
    return page


def cell(page, number):
    return page.locator(f"[data-cell='{number}']")


def write(page, number, code):
    """Empty the cell and type, as a person would."""
    cell(page, number).locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.keyboard.insert_text(code)


def source(page, number):
    return page.evaluate(
        "(cell) => [...cell.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\\n')",
        cell(page, number).element_handle(),
    )


def test_a_lab_runs_from_the_first_keystroke_to_the_notebook(page, runner, live, lab, tmp_path):
    live.worker()
    page.keyboard.press("t")  # the tests first: the starter fails
    expect(page.locator("[data-tests-count]")).to_have_text("0 of 2")
    expect(page.locator("[data-tests] li").first).to_contain_text("predict(x, a, b) returns a · x + b.")
    write(page, 2, FIGURE)
    page.keyboard.press("Shift+Enter")
    expect(cell(page, 2).get_by_role("img", name="Figure: Two points")).to_be_visible()
    expect(cell(page, 2)).to_contain_text("Ran")
    assert page.evaluate("document.activeElement.closest('[data-cell]').dataset.cell") == "4"
    write(page, 4, "import tensorflow as tf\ntf.ones((2, 3)) @ tf.ones((2, 3))")
    page.keyboard.press("Control+Enter")
    expect(cell(page, 4).locator(".error")).to_contain_text("InvalidArgumentError")
    expect(cell(page, 4).locator(".error")).to_contain_text("A matrix product needs as many columns")
    expect(cell(page, 4).get_by_role("button", name="Cell 2, line 2")).to_be_visible()
    page.get_by_role("heading", name="Files").click()
    given = {"name": "given.csv", "mimeType": "text/csv", "buffer": b"x,y"}
    page.locator("[data-upload]").set_input_files(given)
    expect(page.get_by_role("link", name="given.csv")).to_be_visible()
    write(page, 6, TRAIN)
    page.keyboard.press("Control+Enter")
    expect(cell(page, 6).locator("pre").first).to_have_text("first line\n")
    expect(cell(page, 6).locator("svg[aria-label^='loss by step']")).to_be_visible()
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    shoot(page, "lab-running", DESKTOP)
    page.reload()
    expect(cell(page, 6)).to_contain_text("Running")
    expect(cell(page, 6).locator("pre").first).to_have_text("first line\n")
    expect(cell(page, 2).get_by_role("img", name="Figure: Two points")).to_be_visible()
    page.locator("[data-tool]").get_by_role("button", name="Stop").click()
    expect(cell(page, 6)).to_contain_text("You stopped this run.")
    page.get_by_role("heading", name="Files").click()
    expect(page.get_by_role("link", name="left.txt")).to_be_visible()
    write(page, 4, "def predict(x, a, b):\n    return a * x + b\n")
    page.get_by_role("button", name="Run tests").click()
    expect(page.locator("[data-tests-count]")).to_have_text("2 of 2")
    expect(page.get_by_text("All tests passed. The lab is done.").first).to_be_visible()
    way = page.get_by_role("link", name="Next: ")
    assert way.get_attribute("href") == page.locator("a[data-next]").get_attribute("href")
    page.get_by_role("heading", name="History").click()
    expect(page.locator("[data-history] li")).to_have_count(5)
    page.get_by_role("heading", name="Notebook").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download .ipynb").click()
    notebook = json.loads(downloading.value.path().read_text())
    assert "def predict" in "".join("".join(each["source"]) for each in notebook["cells"])
    page.get_by_role("button", name="Model solution").click()
    expect(page.get_by_role("dialog")).to_contain_text("return a * x + b")
    assert Run.objects.get(has_passed=True).mode == "test"


def test_a_lab_in_every_look(open_page, look, learner, lab):
    make_past(lab, learner)
    page = opened(open_page(look, learner), lab)
    expect(cell(page, 6)).to_contain_text("the run reached its time limit")
    expect(cell(page, 2).locator("iframe")).to_have_attribute("height", "82")
    for name in ("Files", "Charts", "History", "Notebook"):
        page.get_by_role("heading", name=name, exact=True).click()
    expect(page.locator("[data-history] li")).to_have_count(4)
    look_at(page, "lab", look)
    page.get_by_role("button", name="Reset", exact=True).click()
    look_at(page, "lab-reset", look)


@pytest.mark.parametrize("who", ["nobody", "stranger", "without-script"])
def test_a_lab_can_be_read_without_running(open_context, learner, lab, who):
    user = {"nobody": None, "stranger": make.make_user(), "without-script": learner}[who]
    page = open_context(user=user, java_script_enabled=who != "without-script").new_page()
    page.goto(f"/labs/{lab.pk}/")
    expect(page.get_by_text("return x # yours to write")).to_be_visible()
    expect(page.get_by_role("button", name="Run all")).not_to_be_visible()
    if who == "without-script":
        expect(page.locator("noscript .note")).to_contain_text("JavaScript is off in this browser")
        expect(page.locator("[data-tests-note]")).to_have_css("display", "none")
        shoot(page, "lab-without-script", DESKTOP)
    else:
        look_at(page, f"lab-{who}", DESKTOP)


def test_text_typed_offline_before_a_crash_is_saved_later(open_context, learner, lab):
    context = open_context(user=learner)
    page = opened(context.new_page(), lab)
    context.set_offline(True)
    write(page, 4, "offline = 1")
    expect(page.locator("[data-status]")).to_contain_text("Offline: kept in this browser")
    shoot(page, "lab-offline", DESKTOP)
    assert LabDraft.objects.count() == 0
    page.close()
    context.set_offline(False)
    page = opened(context.new_page(), lab)
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert source(page, 4) == "offline = 1"
    assert LabDraft.objects.get().cells[1] == {"id": "4", "source": "offline = 1"}


def test_the_learner_chooses_between_two_versions(page, learner, lab):
    theirs = [{"id": each, "source": f"there = {each}"} for each in ("2", "4", "6")]
    save_lab_draft(learner=learner, lab=lab, cells=theirs, revision=0, now=make.NOW)
    write(page, 4, "here = 4")
    expect(page.get_by_role("alert")).to_contain_text("You saved another version of this lab")
    page.get_by_role("alert").get_by_text("Cell 2", exact=True).click()
    shoot(page, "lab-two-versions", DESKTOP)
    page.get_by_role("button", name="Use the other version").click()
    assert source(page, 4) == "there = 4"
    write(page, 4, "here = 5")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert LabDraft.objects.get().cells[1]["source"] == "here = 5"


def choose_first(page):
    """The list takes no Enter in its first 75 ms, and keeps the focus then, so that the next one counts."""
    names = page.get_by_role("listbox")
    names.focus()
    for _each in range(200):
        if not names.is_visible():
            return
        expect(names).to_be_focused()
        page.keyboard.press("Enter")


def test_cells_are_reached_and_left_by_key(page):
    cell(page, 2).locator(".cm-content").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    expect(cell(page, 4)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\ntf.reduce_m")
    page.keyboard.press("Control+Space")
    page.get_by_role("option", name="tf.reduce_mean").click()
    assert source(page, 4).splitlines()[-1] == "tf.reduce_mean"
    page.keyboard.insert_text("\ntf.reduce_s")
    page.keyboard.press("Control+Space")
    choose_first(page)
    assert source(page, 4).splitlines()[-1] == "tf.reduce_sum"
    expect(cell(page, 4).locator(".cm-content")).to_be_focused()


def test_tab_walks_past_an_editor_and_enter_begins_to_edit(page):
    expect(cell(page, 2).locator(".cm-gutters")).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    editor, keys = cell(page, 2).locator(".cm-content"), cell(page, 2).locator(".editor-keys")
    before = source(page, 2)
    cell(page, 2).get_by_role("button", name="Run").focus()
    page.keyboard.press("Tab")
    expect(editor).to_be_focused()
    expect(keys).to_have_text("Press Enter to edit, or Tab to move on")
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    expect(keys).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    expect(editor).to_be_focused()
    page.keyboard.press("Enter")
    expect(keys).to_have_text("Tab indents. To leave, press Escape, then Tab")
    assert source(page, 2) == before
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    assert source(page, 2) == f"    {before}"
    page.keyboard.press("Escape")
    expect(cell(page, 2)).to_be_focused()


def test_a_figure_follows_the_theme_and_shows_its_numbers(open_page, learner, lab):
    make_past(lab, learner)
    page = opened(open_page(user=learner), lab)
    shown = cell(page, 2).locator(".picture")
    figure = shown.get_by_role("img", name="Figure: Loss by step")
    light, dark = (f"data:image/png;base64,{labs.picture(color)}" for color in ("white", "black"))
    expect(figure).to_have_attribute("src", light)
    page.emulate_media(color_scheme="dark")
    expect(figure).to_have_attribute("src", dark)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    expect(figure).to_have_attribute("src", light)
    shown.get_by_text("Show the numbers as a table").click()
    table = shown.get_by_role("table", name="Loss by step. 3 more rows are not shown")
    assert table.locator("tr").all_inner_texts() == ["step\tloss", "1\t0.9", "2\t"]


def say(run, event, **facts):
    streams.append(run.pk, {"event": event, "claim": 1, **facts})


def test_output_of_a_run_is_shown_as_it_arrives(open_page, learner, lab):
    run = going_on(lab, learner)
    for event in ({"event": "started"}, {"event": "cell", "cell": "2", "state": "started"}):
        say(run, **event)
    page = opened(open_page(user=learner), lab)
    out = cell(page, 2).locator(".output")
    say(run, "frame", cell="2", data=ours("stream", {"name": "stdout"}, "10 %\r20 %\x1b[1A\x1b[31m!\x1b"))
    expect(out).to_have_text("20 %!")
    say(run, "frame", cell="2", data=ours("stream", {"name": "stdout"}, "[0mmore\n"))
    expect(out).to_have_text("20 %!more")
    say(run, "frame", cell="2", data=ours("clear", {"wait": True}))
    for step in range(1, 3000):
        say(run, "frame", cell="2", data=ours("progress", {"step": step, "total": 3000, "metrics": {"loss": 1 / step}}))
    expect(out.locator(".training .data")).to_contain_text("Step 2999 of 3000")
    expect(out.locator("svg[aria-label^='loss by step']")).to_be_visible()
    expect(out).not_to_contain_text("more")
    for data in EVERYTHING[:1]:
        say(run, "frame", cell="2", data=data)
    out.get_by_role("button", name="Show all 80 lines").click()
    expect(out).to_contain_text("line 40")
    say(run, "finished", verdict="out_of_memory", message="", tests=None)
    Run.objects.filter(pk=run.pk).update(state="finished", verdict="out_of_memory", finished_at=make.NOW)
    expect(cell(page, 2)).to_contain_text("Stopped: the run reached its memory limit")
    expect(page.locator("[data-announcer]")).to_contain_text("Stopped: the run reached its memory limit")
    expect(page.locator(".toolbar [data-busy]")).to_have_text("Cell 1: Memory limit")


def end_without_stream(run, verdict, *outputs):
    """End a run whose live output is lost. Its row has these outputs, each with its cell."""
    streams.forget_streams([run.pk])
    rows = [{"seq": number, "cell": id, "data": data} for number, (id, data) in enumerate(outputs, 1)]
    ended = {"state": "finished", "verdict": verdict, "finished_at": timezone.now(), "lease_until": None}
    Run.objects.filter(pk=run.pk).update(outputs=rows, has_output=True, **ended)


def test_output_that_its_stream_has_lost_comes_from_the_database(open_page, learner, lab, monkeypatch):
    monkeypatch.setattr(streams, "WAIT", 0.2)
    run = going_on(lab, learner)
    say(run, "started")
    say(run, "frame", cell="2", data=FIRST)
    page = opened(open_page(user=learner), lab)
    out = cell(page, 2).locator(".output")
    expect(out).to_have_text("first")
    end_without_stream(run, "succeeded", ("2", FIRST), ("2", {"text/plain": "last"}))
    expect(out).to_have_text("first last")
    expect(cell(page, 2)).to_contain_text("Ran")


def all_going_on(lab, learner):
    run = going_on(lab, learner)
    cells = [{"id": number, "source": labs.starter(lab, number)} for number in ("2", "4", "6")]
    Run.objects.filter(pk=run.pk).update(mode="all", cells=cells)
    say(run, "started")
    say(run, "cell", cell="2", state="started")
    say(run, "frame", cell="2", data=FIRST)
    return run


def test_a_run_that_lost_its_stream_marks_the_cell_that_failed(open_page, learner, lab, monkeypatch):
    """The page saw the cell before it start, and was never told its end."""
    monkeypatch.setattr(streams, "WAIT", 0.2)
    run = all_going_on(lab, learner)
    page = opened(open_page(user=learner), lab)
    expect(cell(page, 2)).to_contain_text("Running")
    end_without_stream(run, "failed", ("2", FIRST), ("4", ours("error", labs.ERROR, "InvalidArgumentError")))
    expect(cell(page, 4).locator(".state.push")).to_have_text("Error")
    expect(cell(page, 2).locator(".state.push")).to_have_text("Ran")
    expect(cell(page, 6).locator(".state.push")).to_have_text("Not run")


def test_a_run_that_lost_its_stream_marks_a_silent_cell_that_took_too_long(open_page, learner, lab, monkeypatch):
    """The database has only the output of the cell before it, but the page was told that the silent cell started."""
    monkeypatch.setattr(streams, "WAIT", 0.2)
    run = all_going_on(lab, learner)
    say(run, "cell", cell="2", state="succeeded")
    say(run, "cell", cell="4", state="started")
    page = opened(open_page(user=learner), lab)
    expect(cell(page, 4)).to_contain_text("Running")
    end_without_stream(run, "timed_out", ("2", FIRST))
    expect(cell(page, 4).locator(".state.push")).to_have_text("Time limit")
    expect(cell(page, 2).locator(".state.push")).to_have_text("Ran")
    expect(cell(page, 6).locator(".state.push")).to_have_text("Not run")


def test_a_test_is_shown_as_soon_as_it_is_judged(open_page, learner, lab):
    run = going_on(lab, learner)
    Run.objects.filter(pk=run.pk).update(mode="test", session=None)
    say(run, "started")
    page = opened(open_page(user=learner), lab)
    rows = page.locator("[data-tests] li")
    expect(rows).to_contain_text(["Checking", "Checking"])
    first, second = ({**test, "verdict": "passed", "message": ""} for test in lab.tests)
    charts = page.locator("[data-tests-output] .training")
    say(run, "frame", cell="2", data=ours("progress", {"step": 9, "total": 10, "metrics": {"loss": 1}}))
    expect(charts).to_be_visible()
    say(run, "tested", row=first)
    expect(rows).to_contain_text(["Passed", "Checking"])
    expect(page.locator("[data-tests-note]")).to_have_text("1 of 2 tests checked")
    say(run, "finished", verdict="succeeded", message="", tests=[first, {**second, "verdict": "failed"}])
    expect(rows).to_contain_text(["Passed", "Not passed"])
    expect(page.locator("[data-tests-count]").first).to_have_text("1 of 2")
    expect(charts).to_have_count(0)
    expect(page.locator("[data-lead-on]")).to_have_count(0)


def test_a_waiting_run_shows_its_position_and_can_be_stopped(open_page, learner, lab):
    run = going_on(lab, learner)
    Run.objects.filter(pk=run.pk).update(state="queued", started_at=None, lease_until=None, worker="", claim=0)
    page = opened(open_page(user=learner), lab)
    expect(cell(page, 2)).to_contain_text("Waiting, next in line")
    expect(page.locator(".toolbar [data-busy]")).to_have_text("Busy")
    page.locator("[data-tool]").get_by_role("button", name="Stop").click()
    expect(cell(page, 2)).to_contain_text("You stopped this run.")
    assert Run.objects.get().verdict == "stopped"


def test_a_long_output_is_whole_after_the_page_is_opened_again(open_page, learner, lab):
    """Its pages load one after the other, and two long outputs at once are not refused."""
    session = Session.objects.create(learner=learner, place=f"lab:{lab.pk}", opened_at=timezone.now())
    for number in ("2", "4"):
        run = past(lab, learner, number, "succeeded", [{"text/plain": f"first of {number}"}], session=session)
        last = {"seq": 2, "cell": number, "data": {"text/plain": f"last of {number}"}}
        OutputPage.objects.create(run=run, number=1, outputs=[last])
        Run.objects.filter(pk=run.pk).update(has_output=True, size=1 << 20)
    page = opened(open_page(user=learner), lab)
    for number in ("2", "4"):
        expect(cell(page, int(number))).to_contain_text(f"first of {number}")
        expect(cell(page, int(number))).to_contain_text(f"last of {number}")


def test_an_ended_session_is_reported_and_its_outputs_are_marked(open_page, learner, lab):
    make_past(lab, learner)
    page = opened(open_page(user=learner), lab)
    expect(cell(page, 2)).to_contain_text("Ran")
    write(page, 2, "x = 2")
    expect(cell(page, 2)).to_contain_text("Changed since it ran")
    cell(page, 6).get_by_role("button", name="Run").click()
    expect(cell(page, 6)).to_contain_text("Waiting, next in line")
    run = Run.objects.get(state="queued")
    for event in ({"event": "started"}, {"event": "session", "state": "opened"}):
        say(run, **event)
    expect(page.locator("[data-notes]")).to_contain_text("your variables are gone")
    expect(cell(page, 2)).to_contain_text("Changed since it ran")
