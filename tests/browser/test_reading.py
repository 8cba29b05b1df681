"""Reading a lesson: its end marks it as read once, and the contents follow the position."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from course.models import CourseFile, Lesson
from tests import factories as make
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import broken_rules, shoot
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]

LONG = "".join(f"<p>{'Words to read. ' * 60}</p>" for _ in range(8))
PAGE = (
    f'<section data-section="">{LONG}<h2 id="c-first">First</h2>{LONG}<h2 id="c-last">Last</h2><p>Short.</p></section>'
)
CONTENTS = [{"id": "first", "text": "First", "level": 2}, {"id": "last", "text": "Last", "level": 2}]


@pytest.fixture
def page(open_page, course, learner):
    module = course.modules.get(title="Introduction to TensorFlow")
    lesson = make.make_lesson(module=module, title="Reading", html=PAGE, contents=CONTENTS)
    page = open_page(user=learner)
    with page.expect_response("**/place/"):  # the first one says only that the reader is here
        page.goto(f"/lessons/{lesson.pk}/")
    return page


def test_the_button_pressed_while_the_end_comes_into_view_marks_once(page):
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    button = page.get_by_role("button", name="Mark as read")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#end")).to_contain_text("You have read this lesson.")
    expect(page.locator("#end")).to_be_focused()
    expect(page.locator(".contents a[aria-current='page']")).to_contain_text("(read)")
    assert errors == []


def test_a_lesson_that_is_marked_with_its_key_is_announced_as_read(page):
    page.keyboard.press("d")
    expect(page.locator("#end[aria-live=polite]")).to_have_text("You have read this lesson.")


def test_the_last_section_is_the_current_one_when_it_is_chosen(page):
    link = page.locator(".contents .page-headings a", has_text="Last")
    page.evaluate("document.querySelector('.contents details').open = true")
    link.click()
    expect(link).to_have_attribute("aria-current", "true")
    page.mouse.wheel(0, -100000)
    expect(link).not_to_have_attribute("aria-current", "true")


DRAWING = (
    '<svg viewBox="0 0 590 200" role="img" aria-label="A line"><path d="M0 0L590 200" stroke="currentColor"/></svg>'
)
RICH = f"""<section data-section=""><p>The gradient and two epochs.</p>
<figure data-figure=""><div>{DRAWING}</div><figcaption>Figure 1. A line.</figcaption></figure>
<figure data-code="" data-run=""><header>one</header><pre><code>print(1)</code></pre></figure></section>
<aside role="note"><p>Beside the text.</p></aside>"""
LISTINGS = [{"name": "one", "source": "print(1)", "run": True}]
GLOSSARY = b"terms: [{term: epoch, lesson: rich, links_from: rich, text: One pass over all examples.}]"


@pytest.fixture
def rich(course):
    """A lesson with a figure, a listing, a note in the margin and a term of the glossary."""
    CourseFile.objects.create(course=course, path="glossary.yaml", content=GLOSSARY, digest="0" * 64)
    lesson = make.make_lesson(
        module=course.modules.get(title="Introduction to TensorFlow"), html=RICH, listings=LISTINGS
    )
    lesson.key = "rich"
    lesson.save()
    return lesson


def test_a_figure_fits_a_phone_and_opens_at_full_size(open_page, learner, rich):
    page = open_page(PHONE, learner)
    page.goto(f"/lessons/{rich.pk}/")
    figure = page.locator("[data-figure]")
    assert figure.evaluate("figure => figure.scrollWidth - figure.clientWidth") == 0
    figure.get_by_role("button", name="Enlarge").click()
    large = page.get_by_role("dialog", name="Figure 1. A line.")
    assert large.get_by_role("img", name="A line").bounding_box()["width"] >= 720
    assert broken_rules(page) == []
    shoot(page, "lesson-figure", PHONE)
    large.get_by_role("button", name="Close").click()
    expect(large).to_have_count(0)
    expect(figure.get_by_role("button", name="Enlarge")).to_be_focused()


def test_a_term_is_read_by_hover_by_tap_and_by_key(open_page, learner, rich):
    page = open_page(user=learner)
    page.goto(f"/lessons/{rich.pk}/")
    term, note = page.get_by_role("button", name="epochs"), page.locator(".term-note")
    term.hover()
    expect(note).to_contain_text("One pass over all examples.")
    assert broken_rules(page) == []
    page.mouse.move(0, 0)
    expect(note).to_be_hidden()
    term.focus()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()


def test_a_wide_page_explains_a_term_in_its_margin(open_page, learner, rich):
    page = open_page(DESKTOP, learner)
    page.goto(f"/lessons/{rich.pk}/")
    term, note = page.get_by_role("button", name="epochs"), page.locator(".term-note")
    text = page.locator("[data-section]").first
    for look, is_beside in ((DESKTOP, True), (PHONE, False)):
        page.set_viewport_size({"width": look.width, "height": look.height})
        term.focus()
        page.keyboard.press("Enter")
        expect(note).to_be_visible()
        shown, line, column = (part.bounding_box() for part in (note, term, text))
        assert (shown["x"] >= column["x"] + column["width"]) is is_beside
        assert (abs(shown["y"] - line["y"]) < 24) is is_beside
        assert shown["x"] + shown["width"] <= look.width
        page.keyboard.press("Escape")


@pytest.mark.parametrize("browser", ["today's", "without RegExp.escape"])
def test_a_term_with_a_hyphen_is_found_in_every_browser(open_page, learner, rich, browser):
    define(rich, "<p>A one-step method makes f(x).</p>", {"one-step": "rich", "f(x)": "rich"})
    page = open_page(user=learner)
    if browser != "today's":
        page.add_init_script("delete RegExp.escape;")
    page.goto(f"/lessons/{rich.pk}/")
    expect(page.get_by_role("button", name="one-step")).to_be_visible()
    expect(page.get_by_role("button", name="f(x)")).to_be_visible()


def define(lesson, body, terms):
    """Give the lesson this text, and the course these terms, each with the lesson from which on it links by itself."""
    lines = (
        f"- {{term: {term}, lesson: rich, text: About {term}.{f', links_from: {links}' if links else ''}}}\n"
        for term, links in terms.items()
    )
    CourseFile.objects.filter(path="glossary.yaml").update(content=f"terms:\n{''.join(lines)}".encode())
    Lesson.objects.filter(pk=lesson.pk).update(html=f'<section data-section="">{body}</section>')


def explained(page):
    """Return the words of the lesson that open a definition."""
    return page.locator("button.term").all_inner_texts()


def test_only_terms_that_link_by_themselves_and_marked_words_are_explained(open_page, learner, rich):
    body = """<p>For Windows and on a window: the code, and later windows. Adam, not adam.</p>
        <ul><li>Window by window.</li></ul>
        <p>Its <span data-term="code">codes</span> are short. A <span data-term="class">class</span>. <em>More.</em> Gates
        and a latent
        space.</p>"""
    define(rich, body, {"window": "rich", "Adam": "rich", "code": "", "gate": "rich", "latent space": "rich"})
    page = open_page(user=learner)
    page.goto(f"/lessons/{rich.pk}/")
    expect(page.get_by_role("button", name="codes")).to_be_visible()
    assert explained(page) == ["window", "Adam", "codes", "Gates", "latent space"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Windows are short.</p>", ["Windows"]),
        ("<p>Short. Windows too.</p>", ["Windows"]),
        ("<p><strong>Short.</strong> Windows too.</p>", ["Windows"]),
        ("<p>For <em>Windows</em> only.</p>", []),
        ("<p>On Windows, windows are short.</p>", ["windows"]),
    ],
)
def test_a_capital_may_only_begin_a_sentence(open_page, learner, rich, body, expected):
    define(rich, f"{body}<p>The gate.</p>", {"window": "rich", "gate": "rich"})
    page = open_page(user=learner)
    page.goto(f"/lessons/{rich.pk}/")
    expect(page.get_by_role("button", name="gate")).to_be_visible()
    assert explained(page) == [*expected, "gate"]


def test_the_definition_of_a_marked_word_needs_one_small_request(open_page, learner, rich):
    define(rich, '<p>The <span data-term="code">codes</span> and a gate.</p>', {"code": "", "gate": "rich"})
    page = open_page(user=learner)
    page.goto(f"/lessons/{rich.pk}/")
    asked = []
    page.on("response", lambda answer: asked.append((urlsplit(answer.url).path, len(answer.body()))))
    note = page.locator(".term-note")
    for _ in range(2):
        page.get_by_role("button", name="codes").click()
        expect(note).to_contain_text("codes About code.")
        page.keyboard.press("Escape")
        expect(note).to_be_hidden()
    (address, size), *others = [(path, size) for path, size in asked if path.endswith("/terms/")]
    assert (address, others) == (f"/lessons/{rich.pk}/terms/", [])
    assert size < 1000


def test_a_lesson_has_its_notes_in_the_margin_and_prints_no_buttons(open_page, learner, rich):
    page = open_page(DESKTOP, learner)
    page.goto(f"/lessons/{rich.pk}/")
    text, aside = (page.locator(place).bounding_box() for place in ("[data-section]", "aside[role=note]"))
    assert aside["x"] >= text["x"] + text["width"]
    expect(page.get_by_role("button", name="Run")).to_be_visible()
    page.emulate_media(media="print")
    controls = page.locator("main").locator("button:not(.term), .btn")
    assert [control for control in controls.all() if control.is_visible()] == []


def test_a_lesson_opened_again_is_where_continue_leads_even_from_its_top(open_page, course, learner):
    module = course.modules.get(title="Introduction to TensorFlow")
    first, second = (make.make_lesson(module=module, html=PAGE, contents=CONTENTS) for _ in range(2))
    page = open_page(user=learner)
    for lesson in (first, second, first):
        with page.expect_response("**/place/") as kept:
            page.goto(f"/lessons/{lesson.pk}/")
        assert kept.value.status == 204
    page.goto("/")
    expect(page.locator("a[data-key=c]")).to_have_attribute("href", f"/lessons/{first.pk}/")


def test_the_page_after_a_lesson_knows_the_section_in_which_the_reader_rested(page, learner):
    with page.expect_response("**/place/") as kept:
        page.evaluate("document.querySelector('#c-first').scrollIntoView()")
    assert kept.value.status == 204
    address = urlsplit(page.url).path
    page.goto("/")
    expect(page.locator("a[data-key=c]")).to_have_attribute("href", f"{address}#c-first")


LEAVE = """Object.defineProperty(document, "visibilityState", { value: "hidden" });
    requestAnimationFrame(() => document.dispatchEvent(new Event("visibilitychange")))"""
# The page then has an attribute once the answer about its section has come, or has failed to come.
TELL_OF_ANSWERS = """() => {
  const ask = window.fetch;
  window.fetch = (address, options) => {
    const answer = ask(address, options);
    const tell = () => { if (address.endsWith("/place/")) document.documentElement.dataset.answered = ""; };
    answer.then(tell, tell);
    return answer;
  };
}"""
FAILURES = {
    "no connection": lambda route: route.abort(),
    "a broken server": lambda route: route.fulfill(status=503),
    "signed out": lambda route: route.fulfill(status=302, headers={"Location": "/accounts/login/"}),
}


@pytest.mark.parametrize("fail", FAILURES.values(), ids=FAILURES)
def test_a_section_that_was_not_stored_is_sent_again_on_leaving(page, learner, fail):
    page.route("**/place/", fail, times=1)
    page.evaluate(TELL_OF_ANSWERS)
    with page.expect_response(lambda answer: answer.url.endswith("/place/") and answer.status == 204):
        page.evaluate("document.querySelector('#c-first').scrollIntoView()")
        page.locator("html[data-answered]").wait_for(state="attached")
        page.evaluate(LEAVE)
    assert learner.visits.get(section="c-first").done_at is None


def test_leaving_a_lesson_keeps_the_section_at_once(page, learner):
    page.add_init_script("window.setTimeout = () => 0")  # nobody rests
    page.reload()
    page.evaluate("document.querySelector('#c-first').scrollIntoView()")
    page.locator(".contents a[href$='#c-first'][aria-current]").first.wait_for(state="attached")
    with page.expect_response("**/place/") as kept:
        page.evaluate(LEAVE)
    assert kept.value.status == 204
    assert learner.visits.get(section="c-first").done_at is None
