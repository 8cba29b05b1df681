"""A question whose values an author's function draws: stored results count only for the code that returned them."""

import json

import pytest

from authoring.folder.value_functions import ValueFunction, is_drawn
from questions.variants import SEEDS_TRIED, ExpressionFault, digest_of_values, read_json, read_rows, read_value
from tests.authoring.folder.nasty import nasty_files, read

PATH, CODE, RESULTS = "01-first/review.yaml", "01-first/computed/layers.py", "01-first/computed/drawn/layered.json"
LINES = len(nasty_files()[PATH].decode().splitlines())
QUESTION = """\
- id: layered
  type: numeric
  objective: numbers
  level: apply
  difficulty: 1
  points: 1
  draw: computed/layers.py:layers
  where: units != inputs
  check: computed/layers.py:parameters
  prompt: A layer has {{ units }} units and {{ inputs }} inputs. How many parameters?
  answer: "{{ key }}"
  explanation: "({{ inputs }} + 1) · {{ units }} = {{ key }}"
"""
FUNCTIONS = """\
from random import Random


def layers(seed):
    random = Random(seed)
    units, inputs = random.randint(2, 60), random.randint(2, 60)
    return {"units": units, "inputs": inputs, "key": units * inputs + units}


def parameters(values):
    return values["units"] * (values["inputs"] + 1)
"""
ROWS = [
    {"units": units, "inputs": inputs, "key": units * inputs + units}
    for units in range(2, 42)
    for inputs in range(2, 27)
]


def digest(name, code=FUNCTIONS):
    return ValueFunction(CODE, name, code).digest("layered")


def results(rows=ROWS, **changes):
    """Return what a run of FUNCTIONS stores; `changes` replace parts of it."""
    seen = [{name: read_value(row[name]) for name in ("units", "inputs")} for row in rows]
    keys = {digest_of_values(values): int(values["units"] * (values["inputs"] + 1)) for values in seen}
    draw = {"code": digest("layers"), "values": rows}
    check = {"code": digest("parameters"), "keys": keys}
    return {"draw": draw | changes.get("draw", {}), "check": check | changes.get("check", {})}


def with_functions(question=QUESTION, code=FUNCTIONS, stored=None):
    files = nasty_files()
    stored = json.dumps(results() if stored is None else stored)
    return {**files, PATH: files[PATH] + question.encode(), CODE: code.encode(), RESULTS: stored.encode()}


def drawn_in(files):
    course = read(files)
    assert course.mistakes == ()
    [question] = [q for assessment in course.assessments for q in assessment.questions if q.key == "layered"]
    return question


def mistakes_in(files):
    return [(mistake.path, mistake.line - LINES, mistake.text) for mistake in read(files).mistakes]


def test_the_values_of_a_function_are_drawn_from_what_is_stored():
    assert len(ROWS) == SEEDS_TRIED
    question = drawn_in(with_functions())
    assert len(question.variants) == 50
    first = question.variants[0]  # of the second draw, because 2 units and 2 inputs do not meet the condition
    assert first.values == {"units": "2", "inputs": "3", "key": "8"}
    assert (first.question.prompt, first.question.secret["answer"]) == (
        "A layer has 2 units and 3 inputs. How many parameters?",
        "8",
    )


def test_other_values_make_another_version_and_another_second_formula_does_not():
    question = drawn_in(with_functions())
    other_rows = [ROWS[-1], *ROWS[:-1]]
    others = drawn_in(with_functions(stored=results(other_rows)))
    assert others.figures.keys() == question.figures.keys() == {RESULTS}
    assert others.figures != question.figures
    code = FUNCTIONS.replace("return values", "return 1 * values")
    stored = results(draw={"code": digest("layers", code)}, check={"code": digest("parameters", code)})
    again = drawn_in(with_functions(code=code, stored=stored))
    assert again.figures == question.figures == again.variants[0].question.figures


def test_results_of_other_code_are_refused():
    [(path, line, message)] = mistakes_in(with_functions(code=FUNCTIONS.replace("60)", "50)")))
    assert (path, line) == (PATH, 7)
    assert message == "“layers” has changed since its results were stored: run `manage.py course run-variants`."


def test_results_that_are_not_stored_yet_are_named_and_the_functions_are_known():
    files = with_functions()
    del files[RESULTS]
    course = read(files)
    assert [mistake.text for mistake in course.mistakes] == [
        "what the function returns is not stored yet: run `manage.py course run-variants`."
    ]
    [question] = course.functions
    assert (question.key, question.file, question.results_path) == ("layered", PATH, RESULTS)
    assert [function.name for function in (question.draw, question.check)] == ["layers", "parameters"]


def test_a_key_that_the_second_function_does_not_confirm_is_a_mistake():
    stored = results()
    values = {name: read_value(ROWS[1][name]) for name in ("units", "inputs")}
    stored["check"]["keys"][digest_of_values(values)] = 9
    [(path, line, message)] = mistakes_in(with_functions(stored=stored))
    assert (path, line) == (PATH, 9)
    assert message == "“check” gives 9, which is not the key, for units = 2, inputs = 3, key = 8."


def test_a_draw_that_the_second_function_did_not_see_is_a_mistake():
    stored = results()
    stored["check"]["keys"].popitem()
    [(_, line, message)] = mistakes_in(with_functions(stored=stored))
    assert line == 9
    assert message.startswith(
        "“check”: the function did not run for these values yet: run `manage.py course run-variants`, for units = 41"
    )


def test_a_second_formula_must_not_read_the_key_that_the_function_returned():
    question = QUESTION.replace("computed/layers.py:parameters", "key")
    [(_, line, message)] = mistakes_in(with_functions(question))
    assert (line, message) == (9, "“check” computes the key in another way, and “key” is the key already.")
    drawn_in(with_functions(QUESTION.replace("computed/layers.py:parameters", "units * (inputs + 1)")))


def test_a_function_may_confirm_what_the_question_draws_itself():
    question = QUESTION.replace(
        "draw: computed/layers.py:layers", "draw: {units: 2..41, inputs: 2..26}\n  let: {key: inputs * units + units}"
    )
    question = question.replace("  where: units != inputs\n", "")
    assert len(drawn_in(with_functions(question)).variants) == 50
    [(_, line, message)] = mistakes_in(with_functions(question.replace("2..41", "2..42")))
    assert line == 9
    assert "the function did not run for these values yet" in message


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("layers.py:layers", "gone.py:layers", 7, "the file “computed/gone.py” does not exist"),
        ("layers.py:layers", "layers.py:gone", 7, "“computed/layers.py” has no function “gone”"),
        ("layers.py:layers", "../../../../etc/passwd.py:layers", 7, "does not exist"),
        ("draw: computed/layers.py:layers", "draw: layers", 7, "or the name of a function, such as"),
        ('{{ key }}"\n  explanation', '{{ keys }}"\n  explanation', 11, "“keys” is not a value of this question"),
    ],
)
def test_a_mistake_is_named_at_its_line(old, new, line, words):
    assert old in QUESTION
    mistakes = mistakes_in(with_functions(QUESTION.replace(old, new)))
    assert any(at == line and words in message for _, at, message in mistakes), mistakes


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def layers(:", "“computed/layers.py” is not Python: "),
        ("(" * 5000, "“computed/layers.py” is not Python"),
        ("layers = print", "“computed/layers.py” has no function “layers”."),
        ("def layers(): return {}", "“layers” must take one argument"),
        ("def layers(a, b): return {}", "“layers” must take one argument"),
        ("def layers(a, *, b): return {}", "“layers” must take one argument"),
    ],
)
def test_code_that_cannot_be_called_is_named_and_never_run(code, words):
    [(path, line, message)] = mistakes_in(with_functions(code=code))
    assert (path, line, words in message) == (PATH, 7, True), message


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("[", "this is not JSON that can be read"),
        ("[" * 100_000, "this is not JSON that can be read"),
        ('{"draw": {"n": NaN}}', "“NaN” is not an exact number"),
        ('{"draw": {"n": 1.5}}', "“1.5” is not an exact number"),
        ("9" * 5000, "this is not JSON that can be read"),
    ],
)
def test_stored_results_that_are_no_exact_json_are_refused(written, words):
    with pytest.raises(ExpressionFault) as fault:
        read_json(written)
    assert words in fault.value.message
    files = with_functions() | {RESULTS: written.encode()}
    [(path, line, message)] = mistakes_in(files)
    assert (path, line, words in message) == (PATH, 7, True), message


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "a draw must return names with values"),
        ([3], "a draw must return names with values"),
        ([{}], "a draw must return names with values"),
        ([{"n": 1}, {"m": 1}], "draw 2 has other names than draw 1: m"),
        ([{"a b": 1}], "“a b” cannot be the name of a value"),
        ([{"__class__": 1}], "cannot be the name of a value"),
        ([{f"n{place}": 1 for place in range(41)}], "a draw has at most 40 values"),
        ([{"n": 10**70}], "a number has at most 60 digits"),
        ([{"n": {"number": "1/0"}}], "a value must be a number"),
        ([{"n": {"number": "1e9"}}], "a value must be a number"),
        ([{"n": None}], "a value must be a number"),
        ([{"n": "x" * 501}], "a text has at most 500 characters"),
        ([{"n": [[[1]]]}], "a list is a vector or a matrix"),
        ([{"n": [1] * 401}], "a list is a vector or a matrix"),
    ],
)
def test_values_that_no_question_can_have_are_refused(rows, words):
    with pytest.raises(ExpressionFault) as fault:
        read_rows(rows)
    assert words in fault.value.message


def test_stored_results_are_no_text_to_edit():
    assert is_drawn(RESULTS)
    assert not is_drawn(CODE)
    assert not is_drawn("01-first/drawn/layered.json")
