"""The objectives of a section in its module.yaml: other texts, another order, new ones and removed ones."""

import pytest

from authoring.folder import (
    UnwritableText,
    new_objective_key,
    objectives_in,
    objectives_written,
    read_document,
    uses_of_objective,
)
from tests.authoring.folder.nasty import edited, nasty_files

HEAD = "01-first/module.yaml"
MARKS, NUMBERS = "Know every mark.", "Quote & keep numbers."
COMMENTED = """id: first
title: First  # of two
objectives:
  # about marks
  - id: marks   # a short word
    text: Know every mark.
  # about numbers
  - {id: numbers, text: "Quote & keep numbers."}
# the order
order: [review.yaml]
"""


def written(text, wanted):
    return objectives_written({HEAD: text.encode()}, "01-first", wanted)[HEAD]


def test_the_same_objectives_leave_the_text_as_it_is():
    assert written(COMMENTED, {"marks": MARKS, "numbers": NUMBERS}) == COMMENTED


def test_another_wording_changes_one_line():
    made = written(COMMENTED, {"marks": "Know each mark: all.", "numbers": NUMBERS})
    assert made == COMMENTED.replace("Know every mark.", '"Know each mark: all."')


def test_another_order_takes_the_lines_and_comments_along():
    made = written(COMMENTED, {"numbers": NUMBERS, "marks": MARKS})
    assert (
        made
        == """id: first
title: First  # of two
objectives:
  # about numbers
  - {id: numbers, text: "Quote & keep numbers."}
  # about marks
  - id: marks   # a short word
    text: Know every mark.
# the order
order: [review.yaml]
"""
    )


def test_a_list_on_one_line_is_reordered_too():
    made = written("id: a\nobjectives: [{id: b, text: B}, {id: c, text: C}]  # two\n", {"c": "C", "b": "B"})
    assert list(objectives_in(made).items()) == [("c", "C"), ("b", "B")]
    assert made.endswith("# two\n")


def test_a_removed_objective_takes_its_lines_along_and_other_comments_stay():
    made = written(COMMENTED, {"marks": MARKS})
    assert objectives_in(made) == {"marks": MARKS}
    assert [mark in made for mark in ("# of two", "# a short word", "# the order")] == [True] * 3


def test_a_new_objective_comes_last():
    made = written(COMMENTED, {"marks": MARKS, "numbers": NUMBERS, "new": "Tell: all."})
    assert list(objectives_in(made).items())[-1] == ("new", "Tell: all.")
    assert "# the order\norder: [review.yaml]\n" in made


def test_the_first_objectives_are_written_on_lines_of_their_own():
    made = written("id: a\ntitle: A\nobjectives: []  # later\norder: []\n", {"b": "Say: “b”.", "c": "2"})
    assert objectives_in(made) == {"b": "Say: “b”.", "c": "2"}
    assert "objectives:\n  - id: b\n    text:" in made
    assert made.endswith("order: []\n")


def test_without_objectives_the_list_is_empty():
    made = written(COMMENTED, {})
    assert read_document(made).data["objectives"] == []


def test_a_text_with_mistakes_is_not_rewritten():
    with pytest.raises(UnwritableText):
        written("id: a\nid: b\nobjectives: []\n", {"b": "B"})


def test_a_new_id_is_made_of_the_first_words_and_is_that_of_no_other_objective():
    files = nasty_files()
    assert new_objective_key(files, "Compute the mean of a sample, and its error.", set()).startswith(
        "compute-the-mean"
    )
    assert new_objective_key(files, "Order", set()) == "order-2"
    assert new_objective_key(files, "Order", {"order-2"}) == "order-3"
    assert new_objective_key(files, "平均", set()) == "part"


def test_lessons_questions_labs_and_exams_use_an_objective():
    uses = uses_of_objective(nasty_files(), "marks")
    assert "01-first/10-everything.md" in uses
    assert any(use.endswith("(01-first/review.yaml)") for use in uses)
    assert uses_of_objective(nasty_files(), "mark") == []


@pytest.mark.parametrize("said", ["practice: [unused]", "objectives: {always: [unused]}"])
def test_an_exam_names_objectives_to_practice_and_those_of_each_paper(said):
    files = edited("exam/exam.yaml", "", f"id: final-exam\n{said}\n")
    assert uses_of_objective(files, "unused") == ["exam/exam.yaml"]


def test_a_lab_names_objectives():
    files = nasty_files() | {"01-first/labs/tiny/lab.yaml": b"id: tiny\nobjectives: [unused]\n"}
    assert uses_of_objective(files, "unused") == ["01-first/labs/tiny/lab.yaml"]
