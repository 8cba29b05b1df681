"""The work of rendering grows with the length of the text, whatever the text is. The proof tries a thousand texts."""

import pytest

from course.markup import render_page
from course.markup.dialect import MOST_COLUMNS, TOO_LARGE, TOO_WIDE
from course.markup.listings import LONGEST_LINE, LONGEST_SOURCE, MAGIC, is_quickly_read
from course.markup.mathml import TOO_DEEP, to_mathml
from course.markup.survey import EXPLICIT_ID
from tests.rules.markup_work import FEW, MOST, growing_cases, steps_for


def test_no_text_of_a_few_marks_is_more_than_proportional_work():
    assert growing_cases(range(0, 1000, 20), 300) == []


def listings_that_are_quoted(count: int) -> str:
    fences = "".join(f'```python {{id=a{each} run=true expect="x 1"}}\nb\n```\n' for each in range(count))
    tests = "".join(f"```python {{tests=a{each}}}\nassert a, 'x'\n```\n" for each in range(count))
    return fences + tests + "".join(f"{{{{a{each}.x}}}} " for each in range(count)) * 20


@pytest.mark.parametrize(
    "text_of",
    [
        lambda count: "## Again\n\n" * count,
        lambda count: "Again\n-----\n\n" * count,
        listings_that_are_quoted,
        lambda count: f"|{'a|' * count}\n|{'-|' * count}\n" + "|x|\n" * count,
        lambda count: "[" * (4 * count),
        lambda count: "![" * (4 * count),
        lambda count: "`" * (4 * count) + " $" * count,
    ],
    ids=["headings", "underlined headings", "listings", "a wide table", "brackets", "figures", "backticks"],
)
def test_a_longer_text_of_the_same_kind_is_as_much_longer_work(text_of):
    render_page(text_of(10))
    half, whole = (steps_for(text_of(count)) for count in (200, 400))
    assert whole <= MOST * half + FEW


PARENTHESES = "line 1 of the listing is not Python: too many nested parentheses."


def problems(text: str) -> list[str]:
    return [problem.text for problem in render_page(text).problems]


def table_of(columns: int, rows: int) -> str:
    return f"|{'a|' * columns}\n|{'-|' * columns}\n" + f"|{'x|' * columns}\n" * rows


def test_a_table_that_fits_on_no_page_stays_text_and_is_reported():
    assert (problems(table_of(MOST_COLUMNS, 2)), problems(table_of(MOST_COLUMNS + 1, 2))) == ([], [TOO_WIDE])
    assert "<table>" not in render_page(table_of(MOST_COLUMNS + 1, 2)).html


def test_the_tables_of_a_text_have_a_limit_together():
    short_rows = table_of(30, 0) + "|x|\n" * 400
    assert problems(short_rows) == []
    again = render_page(f"{short_rows}\n{short_rows}")
    assert ([(each.line, each.text) for each in again.problems], again.html.count("<table>")) == ([(404, TOO_LARGE)], 1)


@pytest.mark.parametrize(
    "tex", ["{" * 41 + "a" + "}" * 41, r"\left(" * 41 + "a" + r"\right)" * 41, r"\sqrt" * 3000 + " a"]
)
def test_a_formula_that_is_too_deep_is_reported_and_breaks_nothing(tex):
    assert to_mathml(tex, is_display=False) == ("", (TOO_DEEP,))


def test_a_formula_may_have_forty_braces_inside_one_another():
    assert to_mathml("{" * 40 + "a" + "}" * 40, is_display=False)[1] == ()


@pytest.mark.parametrize("source", ["-" * 100_000 + "1", "(" * 300 + ")" * 300])
def test_a_listing_that_is_too_deep_is_reported_and_breaks_nothing(source):
    (found,) = problems(f"```python {{id=a}}\n{source}\n```")
    assert found in ("the listing has too many parts inside one another.", PARENTHESES)


def test_a_hidden_test_may_begin_with_a_magic_line():
    tested = "```python {id=a run=true}\nb\n```\n```python {tests=a}\n%matplotlib inline\nassert b, 'No.'\n```"
    assert problems(tested) == []


@pytest.mark.parametrize(
    "source", ["a" * (LONGEST_LINE + 1), "a\n" * (LONGEST_SOURCE // 2 + 1), "a" + "  \n" * 51, "a" + "\n" * 51]
)
def test_code_that_takes_long_to_highlight_is_shown_plain(source):
    assert (is_quickly_read(source), is_quickly_read("a = 1\n" * 60)) == (False, True)
    assert '<span class="' not in render_page(f"```python\n{source}\nimport a\n```").html


def test_no_pattern_tries_the_same_spaces_from_every_place():
    """A pattern that may begin with any number of spaces reads a long run of them once for each space."""
    assert EXPLICIT_ID.match("   {#a}") is None
    assert MAGIC.match("\n\n%a") is None


@pytest.mark.parametrize("spaces", ["", " ", "  \N{NO-BREAK SPACE} "])
def test_an_id_behind_a_heading_is_read_with_any_spaces_around_it(spaces):
    (heading,) = render_page(f"## Then{spaces}{{#there}}{spaces}").contents
    assert (heading.id, heading.text) == ("there", "Then")
