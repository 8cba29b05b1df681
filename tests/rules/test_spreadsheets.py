"""Files for spreadsheets: they contain no formulas, and reading them returns the original text."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.overrides import MOST, read_overrides
from people.rules.spreadsheets import as_csv, inert, original, spreadsheet_rows

TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)


FULL_WIDTH = ["＝1", "＋1", "－1", "＠a", "﹦1", "﹢1", "﹣1", "﹫a"]
BEHIND_UNSEEN = [
    " =1",
    "\N{NO-BREAK SPACE}=1",
    "\N{IDEOGRAPHIC SPACE}＝1",
    "\u200b=1",
    "\ufeff@a",
    "\u202e+1",
    "\x00=1",
    "\x0b-1",
    "\N{LINE SEPARATOR}=1",
    "\N{PARAGRAPH SEPARATOR}=1",
]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "\t", *FULL_WIDTH, *BEHIND_UNSEEN])
def test_formulas_get_an_apostrophe_in_spreadsheets(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Mina", "50.0", "a=b", "'=1", " a=b", "ﬁ=1", "\u200b"])
def test_anything_else_is_left_as_it_is(text):
    assert inert(text) == text


@pytest.mark.parametrize("text", ["", "Mina", "=1", "＝1", " =1", "'", "'Mina", "-", "x=1"])
def test_what_our_exports_protected_is_read_as_it_was(text):
    assert original(inert(text)) == original(text) == text


def test_commas_separate_unless_there_are_more_semicolons_and_a_missing_cell_is_empty():
    assert spreadsheet_rows("A,b;c\n1,2;3\n") == (["a", "b;c"], [{"a": "1", "b;c": "2;3"}])
    assert spreadsheet_rows("a;b,c;d\n1\n") == (["a", "b,c", "d"], [{"a": "1", "b,c": "", "d": ""}])


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), max_size=4))
def test_the_rows_are_read_back_as_inert_text(rows):
    text = "".join(as_csv(rows))
    assert list(csv.reader(io.StringIO(text, newline=""))) == [[inert(cell) for cell in row] for row in rows]


HEADER = "username,item,points,reason\n"


def test_a_file_of_overrides_may_have_at_most_so_many_lines():
    line = "".join(f"p{place},i,1,r\n" for place in range(MOST + 1))
    lines, mistakes = read_overrides(HEADER + line)
    assert (lines, [found.sentence for found in mistakes]) == (
        [],
        [f"The file has more than {MOST} lines. Upload it in parts."],
    )
    assert read_overrides(HEADER + line.rsplit("p500", 1)[0])[1] == []


def test_empty_lines_are_skipped_and_the_others_keep_their_numbers():
    lines, mistakes = read_overrides(f"{HEADER}\n,,,\nmina,exam,3,r\nmina,review,x,r\n")
    assert [(line.number, line.username) for line in lines] == [(3, "mina")]
    assert [found.number for found in mistakes] == [4]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    read_overrides(text)


@pytest.mark.parametrize("beginning", ["", HEADER])
def test_a_giant_cell_is_named_as_a_mistake(beginning):
    lines, (mistake,) = read_overrides(f'{beginning}"{"x" * 200_000}')
    assert lines == []
    assert mistake.sentence.startswith("This is not CSV:")


def test_a_line_may_exempt_a_learner():
    lines, mistakes = read_overrides(f"{HEADER}\nmina,exam,Exempt,ill\nmina,review,,no more\n")
    assert ([(line.points, line.is_exempt) for line in lines], mistakes) == ([(None, True), (None, False)], [])
