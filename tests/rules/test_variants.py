"""How a lab's variants are read and put into the model solution."""

import pytest

from labs.rules.variants import defined, read_variants

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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# %% wrong: a\nrate = 1\n", "“a” is wrong, so it needs a line “# fails: TEST”"),
        ("# %% right: a\n# fails: Up\nrate = 1\n", "“a” is right, so it needs no line “# fails: TEST”"),
    ],
)
def test_only_wrong_variants_name_tests(text: str, told: str):
    with pytest.raises(ValueError, match=f"^{told}$"):
        read_variants(text)


def test_a_class_and_several_definitions_are_replaced_wherever_they_are():
    model = "x = 1\n\n\n@a\n@b\nclass Net:\n    pass\n\n\ny, z = 1, 2\nu = v = 0\nlast = 3\n"
    (variant,) = read_variants("# %% right: a\nlast = (\n    4\n)\nclass Net:\n    size = 2\nx = 0\n")
    assert variant.solution(model) == (
        "x = 0\n\n\nclass Net:\n    size = 2\n\n\ny, z = 1, 2\nu = v = 0\nlast = (\n    4\n)\n"
    )
    assert defined(model) == {"x": (1, 1), "Net": (4, 7), "last": (12, 12)}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = 1\ny = 2\n", "“a” defines x, y, unlike the model solution"),
        ("print(1)\n", "“a” defines nothing, unlike the model solution"),
        ("rate = 1\ny = 2\n", "“a” defines y, unlike the model solution"),
    ],
)
def test_a_variant_that_replaces_nothing_is_refused(source: str, told: str):
    (variant,) = read_variants(f"# %% right: a\n{source}")
    with pytest.raises(ValueError, match=f"^{told}$"):
        variant.solution(MODEL)


@pytest.mark.parametrize(
    ("source", "model", "told"),
    [
        ("def up(:\n", MODEL, "“a” is not Python: invalid syntax"),
        ("rate = 1\n", "def up(:\n", "the model solution is not Python: invalid syntax"),
    ],
)
def test_a_syntax_error_is_told_with_where_it_is(source: str, model: str, told: str):
    (variant,) = read_variants(f"# %% right: a\n{source}")
    with pytest.raises(ValueError, match=f"^{told}$"):
        variant.solution(model)
