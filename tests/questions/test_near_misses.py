"""Wrong values that an author names: how they are read, which one a response is, and what may be said before the key."""

import pytest

from questions import types
from questions.types.near_misses import knows_numbers_of, says_no_number
from quizzes.rules.texts import without_rendered_text
from tests.questions.bodies import authored

SUM = "You added the squares; the loss is their mean."
NUMBER = {"answer": "0.4", "tolerance": "0.005", "unit": ""}
SHAPE = {"answer": [None, 26, 26, 8]}


def number(*rows, **changes):
    rows = [{"answer": value, "why": why} for value, why in rows]
    source = {**NUMBER, **changes}
    return authored("numeric", **{name: value for name, value in source.items() if value != ""}, near_misses=rows)


def shape(*rows, **changes):
    return authored("tensor_shape", **{**SHAPE, **changes}, near_misses=[{"answer": v, "why": w} for v, w in rows])


def problems(question):
    return {problem.path: problem.message for problem in question.problems}


def why(name, response, question, *, is_open):
    return types.get(name).why_wrong(response, question.key, is_open=is_open)


def test_a_named_number_is_recognized_within_the_tolerance_of_the_question():
    question = number(("2", SUM), ("1", "You forgot a point."))
    assert question.problems == ()
    assert [why("numeric", response, question, is_open=True) for response in ("2", "2.005", "1.995", "1")] == [
        SUM,
        SUM,
        SUM,
        "You forgot a point.",
    ]
    assert [why("numeric", response, question, is_open=True) for response in ("2.0051", "0.4", "7")] == ["", "", ""]


def test_a_relative_tolerance_is_that_of_the_named_number():
    question = number(("200", SUM), answer="30", tolerance="0.01", relative=True)
    assert why("numeric", "202", question, is_open=True) == SUM
    assert why("numeric", "202.1", question, is_open=True) == ""


def test_a_named_shape_is_recognized_exactly():
    question = shape(([None, 28, 28, 8], "Without padding, the border is lost."))
    assert why("tensor_shape", [None, 28, 28, 8], question, is_open=True) == "Without padding, the border is lost."
    assert why("tensor_shape", [None, 28, 28, 1], question, is_open=True) == ""


def test_no_reason_is_given_for_a_response_that_is_right_by_a_new_key():
    question = number(("2", SUM))
    assert types.get("numeric").why_wrong("2", {**question.key, "answer": "2"}, is_open=False) == ""


@pytest.mark.parametrize(
    ("value", "relation"),
    [
        ("-12", "the opposite sign"), ("6", "half"), ("24", "twice"), ("1.2", "a tenth"), ("120", "ten times"),
        ("0.12", "a hundredth"), ("1200", "a hundred times"), ("11", "minus 1"), ("13", "plus 1"), ("-11", "1 minus"),
        ("144", "the square"),
    ],
)  # fmt: skip
def test_nothing_is_said_before_the_key_about_a_number_that_is_one_step_away_from_it(value, relation):
    question = number((value, SUM), answer="12", tolerance="0")
    assert why("numeric", value, question, is_open=True) == "", relation
    assert why("numeric", value, question, is_open=False) == SUM


@pytest.mark.parametrize(
    ("answer", "value", "tolerance"),
    [
        ("0", "1", "0"), ("0", "-1", "0"), ("0.98", "-0.01", "0.02"), ("9", "3", "0"), ("100", "25", "0"),
        ("12", "4", "0"), ("12", "36", "0"), ("12", "48", "0"), ("0.25", "4", "0"), ("0.98", "1.01", "0.02"),
        ("1.414", "2", "0.001"), ("0.3333", "3", "0.0001"),
    ],
)  # fmt: skip
def test_nothing_is_said_before_the_key_about_a_number_from_which_one_step_is_right(answer, value, tolerance):
    question = number((value, SUM), answer=answer, tolerance=tolerance)
    assert why("numeric", value, question, is_open=True) == ""
    assert why("numeric", value, question, is_open=False) == SUM


def test_a_step_from_the_largest_and_the_smallest_number_is_judged_too():
    question = number(
        ("1e1000", SUM), ("-1e-1000", "You lost the sign."), ("0", "Nothing is left."), answer="12", tolerance="0"
    )
    told = [why("numeric", value, question, is_open=True) for value in ("1E+1000", "-1E-1000", "0")]
    assert told == [SUM, "You lost the sign.", "Nothing is left."]


@pytest.mark.parametrize(
    ("language", "is_known"),
    [("en", True), ("en-GB", True), ("en_US", True), ("EN", True), ("de", False), ("enm", False), ("", False)],
)
def test_only_the_number_words_of_english_are_known(language, is_known):
    assert knows_numbers_of(language) is is_known


@pytest.mark.parametrize(
    "value", [[None, 26, 26, 8, 1], [26, None, 8, 26], [None, 26, 26, 8, None]], ids=["longer", "swapped", "another"]
)
def test_nothing_is_said_before_the_key_about_a_shape_that_has_all_its_sizes(value):
    question = shape((value, "You kept an axis."))
    assert why("tensor_shape", value, question, is_open=True) == ""
    assert why("tensor_shape", value, question, is_open=False) == "You kept an axis."


def test_every_shape_has_all_the_sizes_of_a_scalar():
    question = shape(([3], "The sum runs over all axes."), answer=[])
    assert why("tensor_shape", [3], question, is_open=True) == ""


@pytest.mark.parametrize(
    "said",
    [
        "The key is 0.4.", "Divide by three.", "Take a THIRD of it.", "That is twice as much.", "It doubled.",
        "You need ½ of it.", "That is x².", "Take ٣ of them.", "The axis is None.", "Halve it.", "Divide by &#51;.",
        "Divide by <b>n</b>.", "<math><mi>n</mi></math>", '<img alt="n" src="x">', '<a href="/somewhere/">here</a>',
        "Add <code>3</code>.",
    ],
)  # fmt: skip
def test_a_reason_that_says_a_number_a_formula_or_a_link_waits_for_the_explanation(said):
    assert not says_no_number(said)
    question = number(("2", said))
    assert why("numeric", "2", question, is_open=True) == ""
    assert why("numeric", "2", question, is_open=False) == said


@pytest.mark.parametrize(
    "said",
    [
        "You added the squares; the loss is their <em>mean</em>.", "<code>tf.reduce_sum</code> adds them up.",
        "With <code>one_hot=True</code> a label is a row.", "Someone else often weighs the networks’ bones.",
    ],
)  # fmt: skip
def test_a_reason_in_plain_words_may_be_told_after_a_wrong_attempt(said):
    assert why("numeric", "2", number(("2", said)), is_open=True) == said


def test_a_near_miss_must_be_wrong_and_unlike_the_others():
    question = number(("0.4", SUM), ("2", SUM), ("2.004", SUM))
    assert problems(question) == {
        ("near_misses", 0, "answer"): "is correct by the key of this question",
        ("near_misses", 2, "answer"): "cannot be told from row 2",
    }
    assert problems(shape(([None, 26, 26, 8], SUM), ([1], SUM), ([1], SUM))) == {
        ("near_misses", 0, "answer"): "is correct by the key of this question",
        ("near_misses", 2, "answer"): "cannot be told from row 2",
    }


def test_every_mistake_in_near_misses_is_named_with_its_place():
    assert problems(authored("numeric", near_misses=[])) == {("near_misses",): "needs a list of at least 1, not []"}
    assert problems(authored("numeric", near_misses=[{"answer": 2.5, "why": "", "value": "2"}, "half"])) == {
        ("near_misses", 0, "answer"): 'needs a number in quotes, such as "0.25", not 2.5',
        ("near_misses", 0, "why"): "needs a text, not ''",
        ("near_misses", 0, "value"): "is not a known field here",
        ("near_misses", 1, "answer"): 'needs a number in quotes, such as "0.25", not nothing',
        ("near_misses", 1, "why"): "needs a text, not nothing",
    }
    assert problems(authored("tensor_shape", near_misses=[{"answer": "[1]", "why": "x"}])) == {
        ("near_misses", 0, "answer"): "needs a shape such as [null, 28, 28, 1], not '[1]'"
    }


def test_near_misses_are_no_part_of_what_marks_a_response_or_is_public():
    question, plain = number(("2", SUM)), authored("numeric", answer="0.4", tolerance="0.005")
    assert without_rendered_text(question.key) == without_rendered_text(plain.key)
    assert without_rendered_text(question.body) == plain.body | {"unit": "nats"}


def test_reasons_go_through_the_renderer():
    rows = [{"answer": "7", "why": SUM}]
    question = authored("numeric", render=lambda written: f"<i>{written}</i>", near_misses=rows)
    assert question.key["whys"] == {'"7"': f"<i>{SUM}</i>"}
