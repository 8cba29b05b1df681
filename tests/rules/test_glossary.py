"""The glossary: its terms, and the section of a lesson that explains each."""

import pytest

from lessons.rules.glossary import PATH, Term, anchor_of, linked_terms, marked_terms, read_terms, term_written
from lessons.rules.searching import Findable, findable_term

PAGE = (
    "<p>A Layer is named here.</p>"
    '<h2 id="first">First</h2><p>A tensor, and a rank.</p>'
    '<h2 id="second">Second</h2><p>A <strong>Tensor</strong> has axes, and a rank.</p>'
    '<h2 id="third">Third</h2><p>A <strong>tensor</strong> again, and a state.</p>'
    '<h2 id="fourth">Fourth</h2><p>The <strong><span data-term="state">states</span></strong> change.</p>'
)


def test_the_glossary_of_a_course_is_its_file_of_that_name():
    assert PATH == "glossary.yaml"
    source = b"terms:\n- {term: tensor, lesson: tensors, text: Numbers.}\n"
    source += b"- {term: axis, lesson: axes, links_from: tensors, text: A way.}\n"
    assert read_terms(source) == (Term("tensor", "tensors", "Numbers."), Term("axis", "axes", "A way.", "tensors"))


@pytest.mark.parametrize(
    ("term", "anchor"), [("tensor", "second"), ("Rank", "first"), ("layer", ""), ("graph", ""), ("state", "fourth")]
)
def test_a_term_leads_to_where_it_is_bold_or_else_to_where_it_is_said_first(term, anchor):
    assert anchor_of(term, PAGE) == anchor


def test_a_search_finds_a_term_with_its_definition():
    found = findable_term(
        subject="s", module_id="m", term=Term("tensor", "tensors", "Numbers."), anchor="a", is_open=True
    )
    assert found == Findable("term", "s", "m", "tensor", "", "a", "Numbers.", "", (), True)


REACHED = {"first", "second"}


@pytest.mark.parametrize(
    ("word", "links_from", "page", "is_linked"),
    [
        ("state", "first", "<p>The state changes.</p>", True),
        ("state", "first", "<p>Nothing.</p>", False),
        ("state", "third", "<p>The state changes.</p>", False),
        ("state", "", "<p>Each section states one rule.</p>", False),
        ("state", "", '<p>The <span data-term="state">cell’s state</span> changes.</p>', True),
        ("state", "third", '<p>The <span data-term="state">cell’s state</span> changes.</p>', True),
        ("state", "", '<p>The <span data-term="gate">gate</span> and the state.</p>', False),
        ("latent space", "first", "<p>Latent\nspace is small.</p>", True),
        ("Adam", "first", "<p>We use Adam.</p>", True),
        ("Adam", "first", "<p>Madam, the adam’s apple.</p>", False),
        ("class", "first", '<p title="class">Nothing.</p>', False),
    ],
)
def test_a_term_links_where_its_author_marked_it_and_by_itself_from_one_lesson_on(word, links_from, page, is_linked):
    term = Term(word, "first", "What it is.", links_from)
    assert linked_terms([term], page, REACHED) == ([word] if is_linked else [])


def test_a_marked_term_may_have_any_character():
    page = '<span data-term="f(&quot;x&quot;) &amp; g">it</span>'
    assert marked_terms(page) == {'f("x") & g'}


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("weight", "weight"),
        ("weights", "weight"),
        ("Weights", "weight"),
        ("WEIGHT", None),
        ("class", "class"),
        ("classes", None),
        ("Adam", "Adam"),
        ("adam", None),
        ("windows", None),
        ("", None),
        ("s", None),
    ],
)
def test_an_author_marks_a_term_its_plural_and_it_with_a_capital(word, term):
    assert term_written(word, ["weight", "class", "Adam"]) == term
