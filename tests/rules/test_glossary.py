"""The glossary: its terms, and the section of a lesson that explains each."""

import pytest

from lessons.rules.glossary import PATH, Term, anchor_of, read_terms
from lessons.rules.searching import Findable, findable_term

PAGE = (
    "<p>A Layer is named here.</p>"
    '<h2 id="first">First</h2><p>A tensor, and a rank.</p>'
    '<h2 id="second">Second</h2><p>A <strong>Tensor</strong> has axes, and a rank.</p>'
    '<h2 id="third">Third</h2><p>A <strong>tensor</strong> again.</p>'
)


def test_the_glossary_of_a_course_is_its_file_of_that_name():
    assert PATH == "glossary.yaml"
    source = b"terms:\n- {term: tensor, lesson: tensors, text: Numbers.}\n- {term: axis, lesson: axes, text: A way.}\n"
    assert read_terms(source) == (Term("tensor", "tensors", "Numbers."), Term("axis", "axes", "A way."))


@pytest.mark.parametrize(("term", "anchor"), [("tensor", "second"), ("Rank", "first"), ("layer", ""), ("graph", "")])
def test_a_term_leads_to_where_it_is_bold_or_else_to_where_it_is_said_first(term, anchor):
    assert anchor_of(term, PAGE) == anchor


def test_a_search_finds_a_term_with_its_definition():
    found = findable_term(
        subject="s", module_id="m", term=Term("tensor", "tensors", "Numbers."), anchor="a", is_open=True
    )
    assert found == Findable("term", "s", "m", "tensor", "", "a", "Numbers.", "", (), True)
