"""Writing one value into a text: only its entry changes, whatever the text looks like."""

from decimal import Decimal

import pytest

from authoring.folder import read_document, value_at, with_value
from tests.authoring.folder.nasty import nasty_files

LIST = ("rows",)
TEXTS = [  # the place, the value, the text before, and after
    (("a",), 2, "a: 1  # why\nb: 3\n", "a: 2  # why\nb: 3\n"),
    (("a",), Decimal("33.3"), "a: 1\n", "a: 33.3\n"),
    (("a",), "yes, “no”: 1", "a: 1\n", 'a: "yes, “no”: 1"\n'),
    (("a",), "2027", "a: 1\n", 'a: "2027"\n'),
    (("a",), "plain words", "a: >-\n  1\n", "a: plain words\n"),
    (("a",), True, "a:\nb: 1\n", "a: true\nb: 1\n"),
    (("a",), 1, "a:  # why\nb: 1\n", "a: 1  # why\nb: 1\n"),
    (("a",), 1, "a: ''  # why\n", "a: 1  # why\n"),
    (("a",), {"x": 1}, "a: {}  # why\n", "a: {x: 1}  # why\n"),
    (("a",), None, "a: 1\nb: 2  # why\n", "b: 2  # why\n"),
    (("a", "b"), 1, "c: 1\n", "c: 1\na: {b: 1}\n"),
    (("a", "b", "c"), 1, "d: 1\n", "d: 1\na: {b: {c: 1}}\n"),
    ((*LIST, 0, "x"), 5, "rows:\n  - {x: 1, y: 2}  # one\n  - x: 3\n", "rows:\n  - {x: 5, y: 2}  # one\n  - x: 3\n"),
    ((*LIST, 1, "y"), [], "rows:\n  - {x: 1}\n  - x: 3  # two\n", "rows:\n  - {x: 1}\n  - x: 3  # two\n    y: []\n"),
    ((*LIST, 1), {"x": 2}, "rows:\n  - {x: 1}  # one\nb: 1\n", "rows:\n  - {x: 1}  # one\n  - {x: 2}\nb: 1\n"),
    ((*LIST, 1), {"x": 2}, "rows:\n- x: 1\n  y: |\n    z\n# end\n", "rows:\n- x: 1\n  y: |\n    z\n- {x: 2}\n# end\n"),
    ((*LIST, 1), "b", "rows: [a]\n", "rows: [a, b]\n"),
    ((*LIST, 0), "a", "rows: []\n", "rows: [a]\n"),
    ((*LIST, 0), None, "rows:\n  - x: 1\n    y: 2\n  # two\n  - x: 3\n", "rows:\n  # two\n  - x: 3\n"),
    ((*LIST, 0), None, "rows: [a, b]\n", "rows: [b]\n"),
    ((*LIST, 0), None, "rows:\n  -  # none\n  - b\n", "rows:\n  - b\n"),
    ((*LIST, 1), None, "rows:\n  - a\n  -", "rows:\n  - a\n"),
    (("a", "b"), None, "a:\n  b: {c: 1}\n# end\n", "a:\n  {}\n# end\n"),
    (("a", "b"), None, "a: {b: 1}  # why\n", "a: {}  # why\n"),
]


@pytest.mark.parametrize(("place", "value", "before", "after"), TEXTS)
def test_a_value_is_written_at_its_place_and_the_rest_stays(place, value, before, after):
    assert with_value(before, place, value) == after


def test_the_last_row_leaves_an_empty_list():
    made = with_value("rows:\n  - x: 1\nb: 1\n", (*LIST, 0), None)
    assert made is not None
    assert read_document(made).data == {"rows": [], "b": 1}


@pytest.mark.parametrize(
    "text", ["a: [", "a: x\na: y\n", "a: x\n", "- a\n", "", "a: &one {b: 1}\nc: *one\nd: [*one]\n"]
)
def test_a_text_that_cannot_be_changed_like_this_is_left_to_its_author(text):
    assert with_value(text, ("a", "b", "c"), 2) is None


def test_an_empty_row_is_filled_only_by_its_author():
    assert with_value("rows:\n  -\n", (*LIST, 0), 1) is None


@pytest.mark.parametrize("place", [("pass_percent",), ("categories", 0, "weight"), ("show", "exam", "key")])
def test_a_value_that_is_changed_and_changed_back_leaves_the_text_as_it_was(place):
    text = nasty_files()["course.yaml"].decode()
    value = value_at(read_document(text).data, place)
    changed = with_value(text, place, 1)
    assert changed is not None
    assert value_at(read_document(changed).data, place) == 1
    assert with_value(changed, place, value) == text


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("- a: 1\n- a: 2\n", "x\n\ny: 1", "- a: |-\n    x\n\n    y: 1\n- a: 2\n"),
        ("- a: |\n    x\n    y\n  b: 2\n", "y\nz\n", "- a: |\n    y\n    z\n  b: 2\n"),
        ("- {a: 1}\n", "x\ny", '- {a: "x\\ny"}\n'),
        ("- a: 1\n", " x\ny", '- a: " x\\ny"\n'),
    ],
)
def test_several_lines_are_written_below_their_name_where_yaml_can_say_them_there(before, value, after):
    assert with_value(before, (0, "a"), value) == after


def test_an_exact_number_is_written_without_an_exponent():
    assert with_value("a: 1\n", ("a",), Decimal("9E+1")) == "a: 90\n"
