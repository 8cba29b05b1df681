"""A learner's own notes in a lesson, in a real browser: by mouse and keyboard, without a connection, in a new edition."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from course.models import Lesson
from lessons.models import StudyNote
from lessons.services import save_study_note
from tests import factories as make
from tests.browser.looks import DESKTOP, LOOKS, PHONE
from tests.browser.shots import look_at
from tests.browser.test_weight import SHIFT, WATCH_SHIFTS
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
WORDS = "A tensor holds <em>numbers of one type</em>. Its shape says how many there are along each axis."
PAGE = f"""<section data-section=""><p>{WORDS}</p><h2 id="c-shape">The shape of a tensor</h2>
<p>A matrix has two axes. A tensor holds numbers of one type, too.</p><pre><code>tf.zeros([2])</code></pre></section>"""
CONTENTS = [{"id": "shape", "text": "The shape of a tensor", "level": 2}]
SELECT = """(words) => {
  const walker = document.createTreeWalker(document.querySelector(".lesson"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const place = walker.currentNode.data.indexOf(words);
    if (place < 0) continue;
    getSelection().setBaseAndExtent(walker.currentNode, place, walker.currentNode, place + words.length);
    return;
  }
}"""
PAINTED = "(name) => [...CSS.highlights.get(name) ?? []].map(String)"


@pytest.fixture
def lesson(course):
    module = course.modules.get(title="Introduction to TensorFlow")
    return make.make_lesson(module=module, title="Tensors and shapes", html=PAGE, contents=CONTENTS)


def painted(page, name, passages):
    page.wait_for_function(f"(words) => JSON.stringify(({PAINTED})('{name}')) === JSON.stringify(words)", arg=passages)


def test_a_passage_is_highlighted_noted_and_found_again_in_a_new_edition(open_page, lesson, learner):
    page = open_page(DESKTOP, learner, service_workers="block")
    page.add_init_script(WATCH_SHIFTS)
    page.goto(f"/lessons/{lesson.pk}/", wait_until="networkidle")
    page.evaluate(SELECT, "A matrix has two axes.")
    bar = page.get_by_role("toolbar", name="Selected text")
    expect(bar).to_be_visible()
    look_at(page, "lesson-selected", DESKTOP)
    bar.get_by_role("button", name="Highlight").click()
    painted(page, "passage", ["A matrix has two axes."])
    page.evaluate(SELECT, "numbers of one type")
    expect(bar).to_be_visible()
    page.keyboard.press("m")
    panel = page.get_by_role("dialog", name="Your note")
    panel.get_by_label("Your note").press_sequentially("All the same dtype.")
    expect(panel.get_by_text("Saved", exact=True)).to_be_visible()
    text, shown = page.locator("[data-section]").first.bounding_box(), panel.bounding_box()
    assert shown["x"] >= text["x"] + text["width"]  # in the margin, so the text can be read
    look_at(page, "lesson-note", DESKTOP)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Your note on: numbers of one type")).to_be_focused()
    page.get_by_role("button", name="Bookmark this section").click()
    expect(panel.get_by_text("Saved", exact=True)).to_be_visible()
    assert page.evaluate("shift") <= SHIFT
    found = StudyNote.objects.order_by("pk").values_list("section", "quote", "text", "before")
    assert list(found) == [
        ("c-shape", "A matrix has two axes.", "", "ealongeachaxis.Theshapeofatensor"),
        ("", "numbers of one type", "All the same dtype.", "Atensorholds"),
        ("c-shape", "", "", ""),
    ]
    Lesson.objects.filter(pk=lesson.pk).update(
        html=PAGE.replace("A matrix has two axes.", "").replace(WORDS, f"New. {WORDS}")
    )
    page.goto(f"/lessons/{lesson.pk}/", wait_until="networkidle")
    painted(page, "noted-passage", ["numbers of one type"])
    painted(page, "passage", [])
    page.get_by_role("link", name="Your notes in this course").click()
    expect(page.get_by_text("No longer in the text")).to_be_visible()
    for look in LOOKS:
        page.set_viewport_size({"width": look.width, "height": look.height})
        look_at(page, "notes", look)
    page.get_by_role("button", name="Delete").first.click()
    expect(page.get_by_text("A matrix has two axes.")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("A matrix has two axes.")).to_be_visible()


def test_on_a_phone_text_is_highlighted_while_a_note_is_open(open_page, lesson, learner):
    page = open_page(PHONE, learner)
    page.goto(f"/lessons/{lesson.pk}/", wait_until="networkidle")
    page.mouse.move(100, 100)
    page.get_by_role("button", name="Bookmark this section").click()
    expect(page.get_by_role("dialog", name="Your note")).to_be_visible()
    page.evaluate(SELECT, "A matrix has two axes.")
    page.get_by_role("toolbar", name="Selected text").get_by_role("button", name="Highlight").click()
    painted(page, "passage", ["A matrix has two axes."])


CODE = """<section data-section=""><h2 id="c-shape">Shapes</h2><p>Call tf.zeros to get zeros.</p>
<figure data-code="" data-listing="one"><header><span>Python</span></header><pre tabindex="0"><span>import tensorflow as tf</span>
<span>zeros = <span class="nf">tf.zeros</span>([2])</span>
</pre></figure><p>They are all zero.</p></section>"""
SELECT_CODE = """() => {
  const [first, second] = document.querySelectorAll("pre > span");
  getSelection().setBaseAndExtent(first.firstChild, 7, second.lastChild, 4);
}"""


def test_code_of_a_listing_is_highlighted_and_found_again(open_page, course, learner):
    module = course.modules.get(title="Introduction to TensorFlow")
    lesson = make.make_lesson(module=module, title="Zeros", html=CODE)
    page = open_page(DESKTOP, learner)
    page.goto(f"/lessons/{lesson.pk}/", wait_until="networkidle")
    page.evaluate(SELECT_CODE)
    page.get_by_role("toolbar", name="Selected text").get_by_role("button", name="Highlight").click()
    painted(page, "passage", ["tensorflow as tf\nzeros = tf.zeros([2]"])
    expect(page.get_by_role("button", name="Highlight: tensorflow as tf")).to_be_visible()
    for look in LOOKS:
        page.set_viewport_size({"width": look.width, "height": look.height})
        look_at(page, "lesson-code-highlighted", look)
    page.wait_for_function("() => Object.keys(localStorage).every((key) => !key.startsWith('finalcheck:'))")
    assert StudyNote.objects.values_list("quote", "before", "after").get() == (
        *("tensorflow as tf\nzeros = tf.zeros([2]", "import"),
        ")",
    )
    Lesson.objects.filter(pk=lesson.pk).update(
        html=CODE.replace("import tensorflow", "import numpy as np\nimport tensorflow")
    )
    page.reload(wait_until="networkidle")
    painted(page, "passage", ["tensorflow as tf\nzeros = tf.zeros([2]"])
    page.get_by_role("link", name="Your notes in this course").click()
    expect(page.get_by_text("No longer in the text")).to_have_count(0)


def test_a_note_typed_without_a_connection_is_kept_and_sent_and_can_be_deleted(open_context, lesson, learner):
    context = open_context(PHONE, learner)
    page = context.new_page()
    page.goto(f"/lessons/{lesson.pk}/", wait_until="networkidle")
    page.mouse.move(100, 100)
    expect(page.get_by_role("button", name="Bookmark this section")).to_be_visible()
    context.set_offline(True)
    page.evaluate(SELECT, "how many there are")
    expect(page.get_by_role("toolbar")).to_be_visible()
    look_at(page, "lesson-selected", PHONE)
    page.get_by_role("toolbar").get_by_role("button", name="Note").click()
    panel = page.get_by_role("dialog", name="Your note")
    panel.get_by_label("Your note").press_sequentially("Offline.")
    expect(panel.get_by_text("Offline: this browser keeps your note")).to_be_visible()
    context.set_offline(False)
    expect(panel.get_by_text("Saved", exact=True)).to_be_visible()
    look_at(page, "lesson-note", PHONE)
    assert StudyNote.objects.get().text == "Offline."
    panel.get_by_role("button", name="Delete").click()
    expect(panel.get_by_text("Deleted.")).to_be_visible()
    assert not StudyNote.objects.exists()
    panel.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Your note on: how many there are").click()
    expect(panel.get_by_label("Your note")).to_have_value("Offline.")
    expect(panel.get_by_text("Saved", exact=True)).to_be_visible()
    assert StudyNote.objects.get().text == "Offline."


def test_a_note_that_another_window_changed_is_offered_again_until_the_learner_chooses(open_context, lesson, learner):
    passage = {"section": "", "quote": "how many there are", "before": "Its shape says ", "after": " along each axis."}
    said = {"user": learner, "lesson": lesson, "key": "abcd1234", "now": timezone.now(), **passage}
    save_study_note(**said, text="First.", revision=0)
    context = open_context(DESKTOP, learner)
    page = context.new_page()
    page.goto(f"/lessons/{lesson.pk}/", wait_until="networkidle")
    save_study_note(**said, text="Elsewhere.", revision=1)
    panel = page.get_by_role("dialog", name="Your note")
    flag = page.get_by_role("button", name="Your note on: how many there are")
    flag.click()
    panel.get_by_label("Your note").fill("Here.")
    expect(panel.get_by_role("alert")).to_contain_text("Elsewhere.")
    panel.get_by_role("button", name="Close").click()
    flag.click()
    expect(panel.get_by_label("Your note")).to_have_value("Here.")
    expect(panel.get_by_role("alert")).to_contain_text("Elsewhere.")
    page.reload(wait_until="networkidle")
    expect(panel.get_by_role("alert")).to_contain_text("Elsewhere.")
    panel.get_by_label("Your note").fill("Here. And more.")
    panel.get_by_role("alert").get_by_role("button").first.click()
    expect(panel.get_by_text("Saved", exact=True)).to_be_visible()
    assert StudyNote.objects.get().text == "Here. And more."
