"""Adding a question to a list: whatever was typed is read back as it is, and the comments of the text stay."""

import pytest

from authoring.folder import question_rows, with_question

ROW = {"id": "one", "type": "text", "prompt": "Why?"}
WRITTEN = "- id: one\n  type: text\n  prompt: Why?\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", WRITTEN),
        ("\n\n", WRITTEN),
        ("[]\n", WRITTEN),
        ("# Ask Ada first.\n[]\n", f"# Ask Ada first.\n{WRITTEN}"),
        ("# Ask Ada first.\n\n[]  # none\n", f"# Ask Ada first.\n\n# none\n{WRITTEN}"),
        ("[]\n# The end", f"# The end\n{WRITTEN}"),
    ],
)
def test_the_first_question_replaces_the_empty_list_and_nothing_else(before, after):
    assert with_question(before, 0, ROW) == after


@pytest.mark.parametrize("typed", ["010", "0815", "007", "-01", "0b2", "1e99999999999", "*x", "&x"])
def test_an_answer_that_looks_like_a_number_or_an_alias_stays_a_text(typed):
    row = {**ROW, "answers": [typed], "options": [{"text": typed}]}
    made = with_question("[]\n", 0, row)
    assert made is not None
    assert question_rows(made) == [row]


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x85", "\v", "\f", "\a", "\r", "\x7f", "\x9f", "\ufeff", " "])
@pytest.mark.parametrize("shape", ["a{}b\n\nc", "a\n{}b\n", "a{}b", "{}a\nb", "a\nb{}", "a\n{}\nb"])
def test_a_pasted_character_that_yaml_treats_apart_is_kept(odd, shape):
    typed = shape.format(odd)
    row = {**ROW, "prompt": typed, "options": [{"text": typed}]}
    made = with_question("[]\n", 0, row)
    assert made is not None
    assert question_rows(made) == [row]
    changed = with_question(made, 0, {**row, "prompt": f"{typed}\nmore"})
    assert changed is not None
    assert question_rows(changed) == [{**row, "prompt": f"{typed}\nmore"}]
