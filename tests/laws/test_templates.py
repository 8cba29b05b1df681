"""Templates and style sheets stay readable: what their formatter cannot promise."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_FILES = 40  # of one folder, so that it can be looked through
TEMPLATES = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "questions" / "types").rglob("*.html")]
STYLE_SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
LONGEST_LINE = 160
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
CLASS = re.compile(r'\bclass="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"', re.DOTALL)
# A btn is a button, or a link that looks like one.
WORDS = {
    "bad",
    "bar",
    "btn",
    "gap",
    "ink",
    "key",
    "lab",
    "nav",
    "no",
    "now",
    "ok",
    "qr",
    "row",
    "run",
    "sum",
    "top",
    "why",
}
# Pygments' names for the tokens of a listing.
TOKENS = {"c1", "k", "kc", "kn", "mf", "mi", "nb", "nf", "o", "ow", "p", "s1", "s2", "sa", "si"}
# Lines, dots and words in the figures of a course.
MARKS = {"kn", "k0", "k1", "p1", "p2", "p3", "pa", "pg", "tx"}


def long_lines(files: Iterable[Path]) -> list[str]:
    return [
        f"{file}:{number}: {len(line)} characters"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]


def classes(style_sheet: str) -> set[str]:
    """Return the classes that the selectors of a style sheet name."""
    rules = re.sub(r"/\*.*?\*/", "", style_sheet, flags=re.DOTALL)
    selectors = re.findall(r"[^{};]+(?=\{)", rules)
    return {name for selector in selectors for name in re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selector)}


def riddles(style_sheets: Iterable[str]) -> set[str]:
    """Return the classes of fewer than four characters outside of the lists above."""
    short = {name for sheet in style_sheets for name in classes(sheet) if len(name) < 4}
    return short - WORDS - TOKENS - MARKS


def test_no_line_of_a_template_is_longer_than_160_characters():
    assert long_lines(TEMPLATES) == []


def test_a_line_that_is_too_long_would_be_seen(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<p>short</p>\n" + "x" * 161 + "\n")
    assert long_lines([page]) == [f"{page}:2: 161 characters"]


def test_the_name_of_a_class_is_a_word():
    assert riddles(sheet.read_text() for sheet in STYLE_SHEETS) == set()


def test_an_element_has_no_class_that_is_a_riddle():
    named = {
        name for file in TEMPLATES for value in CLASS.findall(file.read_text()) for name in TAG.sub(" ", value).split()
    }
    assert {name for name in named if len(name) < 4} - WORDS - MARKS == set()


def test_a_class_that_is_not_a_word_is_found():
    assert riddles(["/* .zz */ .row > .qz:hover { margin: .5em; }", "@media print { .note.xy { top: 0 } }"]) == {
        "qz",
        "xy",
    }


def lost(page: str) -> str:
    """Return what a template that extends another says outside its blocks: it is never rendered."""
    rest = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", page, flags=re.DOTALL)
    if not re.match(r"\s*\{% extends", rest):
        return ""
    while (
        outer := re.sub(r"\{% block (?:(?!\{% block ).)*?\{% endblock(?: [\w-]+)? %\}", "", rest, flags=re.DOTALL)
    ) != rest:
        rest = outer
    return re.sub(r"\{% (?:extends|load) [^%]*%\}", "", rest).strip()


def test_nothing_stands_outside_the_blocks_of_a_page():
    assert {file: said for file in TEMPLATES if (said := lost(file.read_text()))} == {}


def test_a_tag_outside_the_blocks_of_a_page_would_be_seen():
    blocks = "{% block a %}{% zone as here %}{% block b %}{% endblock %}{% endblock a %}"
    assert lost('{% extends "base.html" %}{% load times %}{% zone as here %}' + blocks) == "{% zone as here %}"
    assert lost('{% extends "base.html" %}{% load times %}' + blocks) == ""
    assert lost("{% zone as here %}") == ""


def test_a_folder_of_templates_holds_at_most_forty_files():
    counts = Counter(file.parent for file in TEMPLATES)
    assert {folder.name: count for folder, count in counts.items() if count > MOST_FILES} == {}
