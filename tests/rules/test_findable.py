"""What a search finds in a lab: each step with the code below its text."""

import pytest

from labs.rules.findable import findable_steps
from lessons.rules.searching import Findable


def text(number, html):
    return {"id": number, "type": "markdown", "html": html, "source": "never shown"}


def code(number, source):
    return {"id": number, "type": "code", "source": source}


def found(*cells):
    return findable_steps(subject="s", module_id="m", title="A lab", cells=cells)


def step(anchor, section="", text="", code="", formulas=()):
    return Findable("lab", "s", "m", "A lab", section, anchor, text, code, formulas, True)


def test_a_step_is_a_text_with_the_code_below_it():
    cells = [code("1", "a = 1"), text("2", "<p>Two <math><mi>n</mi></math>.</p>"), code("3", "b"), code("4", "c")]
    assert found(*cells, text("5", "<p>End</p>")) == [
        step("cell-1", code="a = 1"),
        step("cell-2", text="Two \ue000.", code="b\nc", formulas=("<math><mi>n</mi></math>",)),
        step("cell-5", text="End"),
    ]
    assert found() == []
    assert found({"id": "1", "type": "markdown", "source": "a"}) == [step("cell-1")]


@pytest.mark.parametrize(
    ("html", "section"),
    [
        ('<h2 id="a">Title</h2><p>Text</p>', "Title"),
        ("\n<p><strong>Your turn:</strong> do it.</p>", "Your turn"),
        ("<p><strong>Read\n<math><mi>n</mi></math>.</strong></p>", "Read n"),
        ('<p><strong>Lead.</strong></p><h2 id="a">Title</h2>', "Title"),
        ("<p>Not <strong>first</strong></p>", ""),
    ],
)
def test_a_steps_title_is_its_heading_or_the_words_in_bold_that_begin_it(html, section):
    assert [each.section for each in found(text("1", html))] == [section]
