"""How a lab's variants are read and put into the model solution."""

import pytest

from labs.rules.variants import read_variants

MODEL = "# %%\nimport numpy as np\n\n# %%\n@decorated\ndef up(v):\n    return v\n\n# %%\nrate = 0.1\n"
TEXT = '''"""What this file is."""

# %% right: another rate
rate = (
    0.2
)

# %% wrong: upside down
# fails: Up
# fails: And down
def up(v):
    return -v
'''


def test_a_variant_replaces_definitions_of_the_model_solution():
    right, wrong = read_variants(TEXT)
    assert (right.name, right.fails) == ("another rate", ())
    assert right.solution(MODEL) == MODEL.replace("rate = 0.1", "rate = (\n    0.2\n)")
    assert (wrong.name, wrong.fails) == ("upside down", ("Up", "And down"))
    assert wrong.solution(MODEL) == MODEL.replace("@decorated\n", "").replace("return v", "return -v")


def test_a_text_without_variants_has_none():
    assert read_variants('"""Nothing yet."""\n') == []


@pytest.mark.parametrize("text", ["# %% wrong: a\nrate = 1\n", "# %% right: a\n# fails: Up\nrate = 1\n"])
def test_only_wrong_variants_name_tests(text: str):
    with pytest.raises(ValueError, match="“a” is"):
        read_variants(text)


@pytest.mark.parametrize(("source", "told"), [("x = 1\n", "defines x"), ("print(1)\n", "defines nothing")])
def test_a_variant_that_replaces_nothing_is_refused(source: str, told: str):
    (variant,) = read_variants(f"# %% right: a\n{source}")
    with pytest.raises(ValueError, match=told):
        variant.solution(MODEL)
