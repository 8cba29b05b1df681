"""YAML with many parts inside one another is refused after little work."""

import pytest

from authoring.folder.document import DEEPEST, read_document
from tests.rules.markup_work import counted_steps

TOO_DEEP = "this has too many brackets inside one another."


@pytest.mark.parametrize("mark", ["[", "{", "[[", "{a: [", "- ", "? "])
def test_marks_that_open_and_never_close_are_refused_after_the_same_work_however_many_there_are(mark):
    works = []
    for times in (2_000, 20_000):
        with counted_steps() as steps:
            document = read_document(f"title: a\nlist:\n  {mark * times}")
        works.append(steps[0])
        assert [fault.text for fault in document.faults] == [TOO_DEEP]
    assert max(works) < 100_000


def test_brackets_may_be_inside_one_another_to_a_depth_that_no_course_has():
    assert read_document("a: " + "[" * DEEPEST + "]" * DEEPEST).faults == []
    (fault,) = read_document("a: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)).faults
    assert fault.text == TOO_DEEP
