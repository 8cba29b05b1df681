"""What a folder says of model solutions: read with what the course counts, and named by a strict check if it is silent (D37)."""

import pytest

from authoring.folder.solutions import SILENT
from course.rules.texts import content_digest
from tests.authoring.folder.nasty import edited, nasty_files, read
from tests.labs.test_grading import LABS_ALONE, WITHOUT

LAB_FILE = "01-first/labs/tiny/lab.yaml"
FREE = LABS_ALONE.replace("weight: 10, pass_percent: 60, of: exam", "weight: 90, pass_percent: 60, of: exam").replace(
    "weight: 80", "weight: 0"
)
OTHERS = LABS_ALONE.replace("of: lab}", "of: mixed, items: [final-exam]}")
COUNTED = {"opens": "after_close", "runs": 3, "is_counted": True, "is_own": False}
USUAL = {"opens": "after_runs", "runs": 3, "is_counted": False, "is_own": False}


def folder(*, categories=WITHOUT, lab=""):
    """Return the nasty course with these categories, and these lines in the description of its lab."""
    files = edited("course.yaml", WITHOUT, categories)
    files[LAB_FILE] = files[LAB_FILE].rstrip() + f"\n{lab}".encode()
    text = read(files)
    assert text.mistakes == ()
    return text


def terms(**options):
    (lab,) = folder(**options).labs
    return lab.solution_opens


def test_a_lab_that_says_nothing_waits_for_its_closing_only_if_it_counts():
    assert terms() == USUAL
    assert terms(categories=LABS_ALONE) == COUNTED


@pytest.mark.parametrize("categories", [FREE, OTHERS], ids=["a category without weight", "a category of other items"])
def test_a_lab_counts_only_in_a_category_with_a_weight_that_takes_it(categories):
    assert terms(categories=categories) == USUAL


@pytest.mark.parametrize("categories", [WITHOUT, LABS_ALONE], ids=["uncounted", "counted"])
def test_what_the_author_writes_comes_first(categories):
    is_counted = categories == LABS_ALONE
    rest = {"is_counted": is_counted, "is_own": True}
    assert terms(categories=categories, lab="solution: never\n") == {"opens": "never", "runs": 3, **rest}
    runs = terms(categories=categories, lab="solution: after_runs\nsolution_runs: 5\n")
    assert runs == {"opens": "after_runs", "runs": 5, **rest}


def test_a_lab_without_a_word_keeps_its_digest_and_a_word_changes_it():
    digests = [content_digest(folder(lab=lab).labs[0]) for lab in ("", "solution: never\n", "solution: after_runs\n")]
    assert len(set(digests)) == 3
    assert content_digest(read(nasty_files()).labs[0]) == digests[0]


def test_a_course_that_begins_to_count_a_lab_does_not_change_its_text():
    assert content_digest(folder(categories=LABS_ALONE).labs[0]) == content_digest(folder().labs[0])


def test_a_strict_check_names_a_lab_that_counts_and_does_not_say_when_its_solution_opens():
    assert [str(mistake) for mistake in folder(categories=LABS_ALONE).advice] == [f"{LAB_FILE}:1: {SILENT}"]


@pytest.mark.parametrize("opens", ["never", "after_close", "after_passing", "after_runs"])
def test_a_lab_that_says_it_or_does_not_count_is_not_named(opens):
    assert folder(categories=LABS_ALONE, lab=f"solution: {opens}\n").advice == ()
    assert folder().advice == ()
