"""When a question counts as changed, and when it is marked differently."""

from quizzes.rules.texts import content_of, without_rendered_text


def test_comments_and_the_proof_of_a_key_are_not_content():
    plain = "- id: a\n  prompt: Why?\n"
    assert content_of("# first\n- id: a  # here\n  prompt: Why?\n  computed: key.py\n") == content_of(plain)
    assert content_of("- id: a\n  prompt: Why not?\n") != content_of(plain)
    assert content_of("") is None


def test_marking_does_not_depend_on_what_is_rendered():
    option = {"id": "1", "html": "<p>a</p>", "source": "a"}
    assert without_rendered_text([{"options": [option]}, {"right": ["1"], "whys": {"1": "<p>b</p>"}}]) == [
        {"options": [{"id": "1", "source": "a"}]},
        {"right": ["1"]},
    ]
