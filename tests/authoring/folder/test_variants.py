"""A question that draws its values is read as many questions, and every mistake of its template is named at its line."""

import re

import pytest

from authoring.folder import question_rows, with_question
from authoring.folder.document import read_document
from config.environment import ROOT
from quizzes.rules.texts import content_of
from tests.authoring.folder.nasty import nasty_files, read

PATH = "01-first/review.yaml"
LINES = len(nasty_files()[PATH].decode().splitlines())
TEMPLATE = """\
- id: drawn
  type: numeric
  objective: numbers
  level: apply
  difficulty: 1
  points: 1
  draw: {n: 2..9, m: 3..12}
  let:
    key: n * m + n
    unbiased: n * m
  where:
    - n != m
    - apart(2, key, unbiased)
  check: n * (m + 1)
  effort: {digits: 1..3}
  prompt: |
    A layer has {{ n }} units.

    Each has {{ m }} inputs and a bias, $\\frac{{{ n }}}{2}$. How many parameters?
  answer: "{{ key }}"
  near_misses:
    - {answer: "{{ unbiased }}", why: You forgot the biases.}
  explanation: "{{ n }} × {{ m }} + {{ n }} = {{ key }}"
"""


def with_template(text=TEMPLATE):
    files = nasty_files()
    return {**files, PATH: files[PATH] + text.encode()}


def drawn_in(text=TEMPLATE):
    course = read(with_template(text))
    assert course.mistakes == ()
    [question] = [q for assessment in course.assessments for q in assessment.questions if q.key == "drawn"]
    return question


def mistakes_in(old, new, text=TEMPLATE):
    """Return the mistakes of an edit, with lines that count from the template's first."""
    assert old in text
    mistakes = read(with_template(text.replace(old, new))).mistakes
    assert {mistake.path for mistake in mistakes} <= {PATH}
    return [(mistake.line - LINES, mistake.text) for mistake in mistakes]


def test_a_question_that_draws_its_values_has_fifty_variants_and_is_the_first_of_them():
    question = drawn_in()
    assert [variant.number for variant in question.variants] == list(range(1, 51))
    first = question.variants[0]
    assert (first.question.prompt, first.question.secret) == (question.prompt, question.secret)
    assert {variant.question.type for variant in question.variants} == {"numeric"}
    assert all(variant.question.variants == () for variant in question.variants)


def test_each_variant_is_complete():
    for variant in drawn_in().variants:
        n, m = int(variant.values["n"]), int(variant.values["m"])
        question = variant.question
        assert n != m
        assert question.secret["answer"] == str(n * m + n)
        assert list(question.secret["whys"]) == [f'"{n * m}"']
        assert f"A layer has {n} units." in question.prompt_html
        assert f"<mn>{n}</mn>" in question.prompt_html
        assert question.explanation == f"{n} × {m} + {n} = {n * m + n}"
        assert question.source.strip() == TEMPLATE.strip()


def test_the_same_folder_gives_the_same_variants():
    assert drawn_in() == drawn_in()


def test_another_wording_keeps_the_values_of_every_variant():
    reworded = drawn_in(TEMPLATE.replace("You forgot the biases.", "Count the biases too."))
    assert [variant.values for variant in reworded.variants] == [variant.values for variant in drawn_in().variants]


def test_a_fixed_question_has_no_variants():
    course = read(nasty_files())
    assert {q.variants for assessment in course.assessments for q in assessment.questions} == {()}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("key: n * m + n", "key: n * k + n", 9, "“k” is not a value that is drawn or computed before"),
        ("key: n * m + n", "key: n * m + 0 / (m - 5) + n", 9, "this divides by 0 (character 11), for n = "),
        ("key: n * m + n", "key: n * m +", 9, "a value is missing (character 8)"),
        ("- n != m", "- n != q", 12, "“q” is not a value of this question"),
        ("n: 2..9", "n: 2 to 9", 7, "“n” needs a form such as 2..9"),
        ("n: 2..9", "n: 3..3", 7, "only 9 different variants came of "),
        ("units.", "units, {{ k }} layers.", 17, "“k” is not a value of this question"),
        (
            "inputs and",
            "inputs, {{ 0 / (n - 3) }}, and",
            19,
            "“0 / (n - 3)”: this divides by 0 (character 3), for n = 3",
        ),
        ("inputs and", "inputs, {{ n / 7 }}, and", 19, "give it a format, such as .2f"),
        ("inputs and", "inputs, {{n}}, and", 19, "write it with spaces: {{ n }}"),
        ("check: n * (m + 1)", "check: n * m + 1", 14, "which is not the key, for n = "),
        ("check: n * (m + 1)", "check: key", 14, "“key” is not drawn"),
        ("  check: n * (m + 1)\n", "", 7, "“check” is missing"),
        ("digits: 1..3", "digits: 1..1", 7, "“digits” refused"),
        ("digits: 1..3", "speed: 1..3", 15, "“speed” is not a measure of effort"),
        ("{{ unbiased }}", "{{ unbiased + n }}", 22, "is correct by the key of this question, for n = "),
        ("  draw: {n: 2..9, m: 3..12}", "  draw: {n: 2..9, m: 3..12, k: 1..2}", 7, "nothing uses “k”"),
    ],
)
def test_a_mistake_in_a_template_is_named_at_its_line(old, new, line, words):
    text = TEMPLATE.replace("    - apart(2, key, unbiased)\n", "    - 1 == 1\n")
    [(at, message)] = mistakes_in(old, new, text)
    assert (at, words in message) == (line, True), message


def test_numbers_too_long_for_a_person_are_a_mistake():
    text = TEMPLATE.replace("  effort: {digits: 1..3}\n", "")
    [(line, message)] = mistakes_in("n: 2..9", "n: 100001..999999", text)
    assert line == 7
    assert "a number has 8 digits for n = " in message or "a number has 7 digits for n = " in message


def test_a_field_of_templates_in_a_fixed_question_is_a_mistake():
    [(line, message)] = mistakes_in(TEMPLATE, FIXED)
    assert (line, message) == (7, "“let” is only for questions that draw their values, with “draw”.")


FIXED = """\
- id: drawn
  type: true_false
  objective: numbers
  level: apply
  difficulty: 1
  points: 1
  let: {k: 1}
  prompt: Is it?
  answer: true
  explanation: It is.
"""
CHOICE = """\
- id: drawn
  type: single_choice
  objective: numbers
  level: apply
  difficulty: 1
  points: 1
  variants: 8
  draw: {n: 2..9}
  check: n + n
  prompt: What is twice {{ n }}?
  options:
    - {text: "{{ 2 * n }}", right: true, why: "{{ n }} + {{ n }}"}
    - {text: "{{ 2 * n + 1 }}", why: That is odd.}
    - {text: "{{ n * n }}", why: That is the square.}
  explanation: Add it to itself.
"""


def test_options_that_say_the_same_in_some_variant_are_a_mistake():
    [(line, message)] = mistakes_in("drawn", "drawn", CHOICE)
    assert line == 14
    assert message == "options[2] says the same as row 1, for n = 2."


def test_options_that_are_the_same_number_in_another_form_are_a_mistake():
    text = CHOICE.replace("{{ n * n }}", "{{ n * n:.1f }}")
    [(line, message)] = mistakes_in("drawn", "drawn", text)
    assert (line, message) == (14, "two options are the same number, for n = 2.")


def test_a_condition_keeps_options_apart():
    question = drawn_in(CHOICE.replace("n: 2..9", "n: 3..10"))
    assert len(question.variants) == 8
    assert all(len(variant.question.secret["right"]) == 1 for variant in question.variants)


def test_two_right_options_are_a_mistake():
    text = CHOICE.replace("n: 2..9", "n: 3..10").replace("right: true", 'right: "{{ n > 0 }}"')
    [(line, message)] = mistakes_in("why: That is odd.", 'right: "{{ n > 7 }}", why: That is odd.', text)
    assert line == 11
    assert message.startswith("options needs exactly one right option, not 2, for n = ")


SHAPE = """\
- id: drawn
  type: tensor_shape
  objective: numbers
  level: apply
  difficulty: 1
  points: 1
  variants: 20
  draw: {n: 20..32, k: 3..5}
  let:
    side: n - k + 1
  check: "[-1, n + 1 - k, n + 1 - k, 8]"
  prompt: An image of {{ n }} × {{ n }} meets 8 kernels of {{ k }} × {{ k }}, without padding.
  answer: [null, "{{ side }}", "{{ side }}", 8]
  near_misses:
    - {answer: [null, "{{ n }}", "{{ n }}", 8], why: You padded the image.}
  explanation: "{{ n }} − {{ k }} + 1"
"""
TRUTH = """\
- id: drawn
  type: true_false
  objective: numbers
  level: apply
  difficulty: 1
  points: 1
  draw: {w: matrix 2x2 of -3..3, x: vector 2 of -3..3}
  let:
    score: dot(w, x)[0]
  where: score != 0
  effort: {steps: 3..3}
  check: w[0, 0] * x[0] + w[0, 1] * x[1] > 0
  prompt: Is the first score of $W={{ w:latex }}$ at `x = {{ x }}` positive?
  answer: "{{ score > 0 }}"
  explanation: It is {{ score }}.
"""


def test_sizes_of_a_shape_and_truth_values_are_filled_as_such():
    shape = drawn_in(SHAPE).variants[0]
    side = int(shape.values["n"]) - int(shape.values["k"]) + 1
    assert shape.question.secret["answer"] == [None, side, side, 8]
    truths = drawn_in(TRUTH).variants
    assert {variant.question.secret["answer"] for variant in truths} == {True, False}
    assert all(variant.question.secret["answer"] is (not variant.values["score"].startswith("-")) for variant in truths)
    assert r"\begin{pmatrix}" in truths[0].question.prompt


@pytest.mark.parametrize("text", [TEMPLATE, CHOICE, SHAPE, TRUTH])
def test_a_template_that_is_written_back_into_a_file_says_the_same(text):
    rows = question_rows(text)
    assert question_rows(with_question("", 0, rows[0])) == rows
    reworded = with_question(text, 0, {**rows[0], "explanation": "Another one."})
    assert read_document(reworded).data == [{**rows[0], "explanation": "Another one."}]
    assert reworded.startswith(text[: text.index("  explanation")])


def test_the_second_formula_makes_no_other_version_and_the_draw_does():
    other_check = TEMPLATE.replace("check: n * (m + 1)", "check: (m + 1) * n")
    assert content_of(other_check) == content_of(TEMPLATE)
    assert content_of(TEMPLATE.replace("2..9", "3..9")) != content_of(TEMPLATE)


def test_a_mistake_in_the_markup_of_a_variant_is_named():
    [(line, message)] = mistakes_in("How many", "[x](missing.png) How many")
    assert line == 19
    assert "missing.png" in message


def test_the_example_of_the_course_format_is_right():
    guide = (ROOT / "docs" / "course-format.md").read_text()
    blocks = re.findall(r"^```yaml\n(- id: parameters-of-a-layer\n.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    fixed, template = (block.replace("objective: layers", "objective: numbers") for block in blocks)
    for text in (fixed, template):
        assert read(with_template(text)).mistakes == ()
    question = drawn_in(template.replace("id: parameters-of-a-layer", "id: drawn"))
    assert len(question.variants) == 50
    assert question.explanation == "It has {units} × {inputs} weights and {units} biases, together {key}.".format(
        **question.variants[0].values
    )
