"""Editing one question of a list in place."""

import pytest

from authoring.rules.passages import POLICY, Passage, passage_of
from foundation.refusals import Refusal

FILE = "# a comment\n- id: one\n  points: 1\n- id: two\n- id: three\n"


def test_a_whole_file_is_its_own_passage():
    passage = passage_of("a.yaml", FILE)
    assert passage == Passage("a.yaml", "", FILE)
    assert (passage.text, passage.in_file("new"), passage.first_line, passage.line(3)) == (FILE, "new", 1, 3)


@pytest.mark.parametrize("text", ["- id: two\n  points: 2\n", "- id: two\n  points: 2"])
def test_a_question_is_replaced_in_its_place(text):
    passage = passage_of("a.yaml", FILE, "two", "- id: two\n")
    assert passage.in_file(text) == FILE.replace("- id: two\n", "- id: two\n  points: 2\n")


def test_lines_of_the_file_are_counted_from_the_passage():
    passage = passage_of("a.yaml", FILE, "two", "- id: two\n")
    assert [passage.line(line) for line in (3, 4, 5)] == [0, 1, 2]


def test_the_file_that_decides_on_grades_and_dates_is_the_courses_own():
    assert POLICY == "course.yaml"


@pytest.mark.parametrize("source", [None, "- id: none\n"])
def test_a_question_that_is_not_there_is_refused(source):
    with pytest.raises(Refusal, match="couldn’t find"):
        passage_of("a.yaml", FILE, "none", source)
