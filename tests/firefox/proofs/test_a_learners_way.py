"""A learner's way in Firefox: sign-up, a lesson with a listing, a lab, and an exam from Start to the grade."""

import json
import re
from types import SimpleNamespace
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from labs.rules.cells import read_cells
from tests.browser.test_journey import card, fill
from tests.journey.test_fresh_start import COURSE, manage
from tests.product import ROOT, Product

pytestmark = pytest.mark.xdist_group("firefox")  # one process starts the product and the browser

OUTLINE = f"/courses/{COURSE}/"
SOLUTION = ROOT / "content" / COURSE / "01-introduction/labs/05-tensors-today/solution.py"
INLINE = "document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))"
QUESTIONS = 25  # questions of the paper
# Prints position, id and type of each question in somebody's paper, with a right and a wrong response.
PAPER = """
import json
from questions import types
from quizzes.models import SittingQuestion
rows = SittingQuestion.objects.filter(sitting__learner__username={name!r}, sitting__assessment__kind="exam")
for row in rows.select_related("version").order_by("position"):
    version = row.version
    examples = types.get(version.type).examples(version.body, version.secret)
    print(json.dumps([row.position, row.question_id, version.type, *examples]))
"""


@pytest.fixture
def learner(page: Page) -> str:
    """Sign up and enroll on the pages. Return the name of the account."""
    name = f"ada-{uuid4().hex[:8]}"
    page.goto("/accounts/signup/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Email").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill("a long walk at night")
    page.get_by_role("button", name="Create account").click()
    expect(page.locator(".account")).to_contain_text(name)
    open_outline(page)
    page.get_by_label("Full name").first.fill("Ada Lovelace")
    page.get_by_role("button", name=re.compile("Enroll")).first.click()
    expect(page.get_by_text("You are enrolled.")).to_be_visible()
    return name


def test_script_errors_and_violations_of_the_policy_are_noticed(page: Page, errors: list[str]):
    page.goto("/")
    for cause, words in (("setTimeout(() => undefined())", "not a function"), (INLINE, "an inline script")):
        with page.context.expect_event("weberror", lambda error, words=words: words in str(error.error)):
            page.evaluate(cause)
    assert len(errors) == 2
    errors.clear()


def open_outline(page: Page) -> None:
    page.wait_for_load_state()  # else Firefox may still be loading the page that the last click led to
    page.goto(OUTLINE)


def open_from_outline(page: Page, title: str) -> None:
    open_outline(page)
    page.locator("main").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_a_listing_runs_in_firefox_edited_and_unedited(page: Page, learner: str):
    open_from_outline(page, "Hello World")
    listing = page.locator("figure[data-listing=hello-eager]")
    listing.get_by_role("button", name="Run").click()
    expect(listing).to_contain_text("Ran")
    expect(listing.locator(".output").first).to_have_text("tf.Tensor(5, shape=(), dtype=int32)\nc 5")
    listing.get_by_role("button", name="Edit").click()
    expect(listing.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\nprint(6 * 7)")
    page.keyboard.press("Control+Enter")
    expect(listing.locator(".output").first).to_have_text("tf.Tensor(5, shape=(), dtype=int32)\nc 5\n42")
    page.reload()
    expect(listing.get_by_role("button", name="Your version")).to_be_visible()


def test_a_lab_passes_all_its_tests_in_firefox(page: Page, learner: str):
    open_from_outline(page, "Tensors and functions today")
    page.get_by_role("button", name="Run tests").click()
    expect(page.locator("[data-tests-count]")).to_have_text("0 of 4")
    expect(page.locator("[data-tests] li").first).to_contain_text("Not passed")
    editors = page.locator("[data-cell] .cm-content")
    solution = [cell["source"] for cell in read_cells(SOLUTION.read_text()) if cell["type"] == "code"]
    expect(editors).to_have_count(len(solution))
    for position, source in enumerate(solution):
        editors.nth(position).click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(source)
    page.get_by_role("button", name="Run all").click()
    expect(page.get_by_role("group", name="Output of cell 6").get_by_role("img")).to_be_visible()
    page.get_by_role("button", name="Run tests").click()
    expect(page.locator("[data-tests-count]")).to_have_text("4 of 4")
    expect(page.get_by_text("All tests passed. The lab is done.").first).to_be_visible()
    expect(page.locator("[data-status]")).to_have_text(re.compile(r"Saved \d\d:\d\d:\d\d"))


def test_an_exam_goes_from_start_to_the_grade_in_firefox(page: Page, learner: str, product: Product):
    """All responses but the last are right. Every second one is checked, and the others are graded at hand-in."""
    open_outline(page)
    page.get_by_role("navigation").get_by_role("link", name="Exam").first.click()
    page.get_by_role("button", name="Start the exam").click()
    expect(page.get_by_role("timer")).to_be_visible()
    paper = paper_of(product, learner)
    for question in paper:
        respond(page, question, is_right=question is not paper[-1], is_checked=question.position % 2 == 0)
    page.get_by_role("link", name="Hand in").first.click()
    expect(page.locator("main")).to_contain_text(
        f"You have checked 12 of {QUESTIONS} questions and saved responses to 13 more."
    )
    page.get_by_role("button", name="Hand in and end the exam").click()
    expect(page.get_by_role("heading", name=f"24 of {QUESTIONS} points")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Progress").first.click()
    expect(page.locator("main")).to_contain_text(f"24 of {QUESTIONS} × 50 = 48")


def respond(page: Page, question: SimpleNamespace, *, is_right: bool, is_checked: bool) -> None:
    """Respond to a question, and wait until the response is checked or saved."""
    expect(page.get_by_role("heading", name=f"Question {question.position} of {QUESTIONS}")).to_be_visible()
    fill(page, question, question.right if is_right else question.wrong)
    if is_checked:
        card(page, question).locator("[data-check]").click()
        expect(card(page, question)).to_contain_text("Correct")
    else:
        expect(card(page, question)).to_contain_text("Saved")
    if question.position < QUESTIONS:
        page.get_by_role("link", name=f"Next Question {question.position + 1}").click()


def paper_of(product: Product, name: str) -> list[SimpleNamespace]:
    printed = manage(product, "shell", "--no-imports", "--command", PAPER.format(name=name))
    assert printed.returncode == 0, printed.stderr
    return [
        SimpleNamespace(position=position, pk=question, current=SimpleNamespace(type=kind), right=right, wrong=wrong)
        for position, question, kind, right, wrong in map(json.loads, printed.stdout.splitlines())
    ]
