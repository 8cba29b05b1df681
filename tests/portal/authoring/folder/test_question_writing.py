"""Adding a question to a list: whatever was typed is read back as it is, and the comments of the text stay."""

import pytest

from portal.authoring.folder import question_rows, with_question

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
