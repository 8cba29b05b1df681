"""A learner reads a sentence of the author for each mistake that has a name, and the instructor sees the runs.

Then one of the mistakes proves to be right: the test is corrected, and the stored runs are regraded and undone.
"""

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from authoring.services import read_folder
from course.models import Course
from grading.models import Score
from grading.rules.course_grade import outcome_from
from grading.selectors.grades import course_grade
from labs.models import Lab, Run
from operations.services import verify_grades
from records.models import AuditEntry
from tests.authoring.folder.nasty import edited
from tests.authoring.publishing import load_text
from tests.browser.looks import DESKTOP
from tests.browser.streaming import site
from tests.browser.test_lab_work import write
from tests.labs.conftest import live, own_folders, runner
from tests.labs.tried import let_pass
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

__all__ = ["live", "own_folders", "runner", "site"]  # fixtures
pytestmark = [pytest.mark.django_db(transaction=True), second_round]

FOLDER = "01-first/labs/tiny"
EXAM_ALONE = "weight: 66.7, pass_percent: 60, of: exam}\n"
WITH_LABS = """weight: 26.7, pass_percent: 60, of: exam}
  - {id: lab, title: Labs, weight: 40, pass_percent: 50, of: lab}
"""
CODE = """import numpy as np


def spread(x):
    return {}"""
MISTAKES = {  # what the learner's function returns, and what the author says about it
    "np.var(x)": "That is the variance. Take its square root.",
    "np.std(x, ddof=1)": "You divided by n − 1. Divide by n.",
    "np.mean(np.abs(x - np.mean(x)))": "Average the squares of the distances, not the distances.",
}
PROBES = """import numpy as np
from labs.runner.judge.authoring import Call, NearMiss

PROBES = [
    Call(name="The spread", points=2, function="spread", draw=lambda rng: (rng.normal(size=6),),
         reference=lambda x: {right}, near_misses=[{misses}], message="spread(x) is the standard deviation."),
]
"""


def publish(right):
    """Publish a graded lab whose test expects `right` and names the mistakes other than that."""
    misses = ", ".join(f"NearMiss({said!r}, lambda x: {code})" for code, said in MISTAKES.items() if code != right)
    texts = {
        "lab.yaml": "id: tiny\ntitle: Tiny\nruntime: tf2\nobjectives: [numbers]\n",
        "lab.py": f"# %%\n{CODE.format('0.0')}\n",
        "solution.py": f"# %%\n{CODE.format(right)}\n",
        "probes.py": PROBES.format(right=right, misses=misses),
    }
    labs = {f"{FOLDER}/{name}": text.encode() for name, text in texts.items()}
    text = read_folder(edited("course.yaml", EXAM_ALONE, WITH_LABS) | labs)
    load_text(let_pass(text), folder="nasty", now=timezone.now())


@pytest.fixture
def course(db):
    publish("np.std(x)")
    return Course.objects.get()


@pytest.fixture
def lab(course):
    return Lab.objects.get()


def stored(learner, course):
    """Return the bytes of all runs and scores as stored, without the time at which a score was last written, and the grade."""
    rows = []
    for model in (Run, Score):
        columns = [field.column for field in model._meta.concrete_fields if field.column != "changed_at"]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table} ORDER BY id")
            rows.append(cursor.fetchall())
    return repr((rows, outcome_from(course_grade(learner.pk, course.pk).counted))).encode()


def make_each_mistake(page, lab):
    page.goto(f"/labs/{lab.pk}/")
    expect(page.get_by_role("button", name="Run all")).to_be_visible()
    for code, sentence in MISTAKES.items():
        write(page, 1, CODE.format(code))
        page.get_by_role("button", name="Run tests").click()
        expect(page.locator("[data-tests] li")).to_contain_text(sentence)
        expect(page.locator("span[data-busy]")).to_contain_text("Not passed: ")


def see_each_run(page, course, learner, lab):
    """Open the learner's lab with a reason, and look at each run, from the newest to the oldest."""
    page.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/")
    page.locator(".versions").get_by_role("link", name=lab.title).click()
    page.get_by_label("Reason").fill("They asked for help.")
    page.get_by_role("button", name="Open the lab").click()
    runs = page.locator(".time-line a")
    expect(runs).to_have_text(["Tests, Succeeded"] * 3)
    for place, (code, sentence) in enumerate(reversed(MISTAKES.items())):
        runs.nth(place).click()
        expect(runs.nth(place)).to_have_attribute("aria-current", "true")
        expect(page.get_by_role("region", name="Results of the tests")).to_contain_text(sentence)
        expect(page.locator(".diff .added")).to_contain_text(f"return {code}")


def see_who_moves(page, points):
    """Wait for a dry run whose only row says that the learner's points change like this."""
    row = page.get_by_role("region", name="Whose grade changes").locator("tbody tr")
    expect(row).to_contain_text(f"Mina (mina) {points}")


def test_three_mistakes_are_named_and_the_runs_are_seen_regraded_and_undone(
    open_page, runner, live, course, lab, learner
):
    live.worker()
    make_each_mistake(open_page(DESKTOP, learner), lab)
    page = open_page(DESKTOP, instructor_of(course))
    see_each_run(page, course, learner, lab)
    assert AuditEntry.objects.get(action="open_lab_work").reason == "They asked for help."

    before = stored(learner, course)
    publish("np.std(x, ddof=1)")
    page.goto(f"/admin/courses/{course.slug}/regrades/")
    page.get_by_role("link", name=lab.title, exact=True).click()
    page.get_by_role("button", name="Run 3 test runs again").click()
    see_who_moves(page, "0 / 2 → 2 / 2")  # the page refreshes by itself until all were run again
    assert stored(learner, course) == before

    page.get_by_label("Reason").fill("A sample's standard deviation divides by n − 1.")
    page.get_by_role("button", name="Apply the regrade").click()
    expect(page.get_by_role("heading", name="Undo this regrade")).to_be_visible()
    assert (Score.objects.get().points_earned, Run.objects.filter(has_passed=True).count()) == (2, 1)

    page.get_by_label("Reason").fill("The course defines it with n.")
    page.get_by_role("button", name="Dry run of the undo").click()
    see_who_moves(page, "2 / 2 → 0 / 2")
    page.get_by_role("button", name="Undo the regrade").click()
    expect(page.get_by_text("The regrade is undone. Every grade is as if it had never been applied.")).to_be_visible()
    assert stored(learner, course) == before
    assert list(verify_grades(now=timezone.now())) == []
