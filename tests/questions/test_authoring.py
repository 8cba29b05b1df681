"""An author's source becomes a public body and a secret key, or mistakes with their places."""

import json
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.types.authored import SourceProblem, quote_short
from tests.questions.bodies import SOURCES, authored, body_of, ids_of


def problems(name, **changes):
    return {problem.path: problem.message for problem in authored(name, **changes).problems}


@pytest.mark.parametrize("name", SOURCES)
def test_a_good_question_has_no_problems_and_is_json(name):
    question = authored(name)
    assert question.problems == ()
    assert json.loads(json.dumps([question.body, question.key])) == [question.body, question.key]


@pytest.mark.parametrize("name", SOURCES)
def test_compiling_again_gives_the_same(name):
    assert authored(name) == authored(name)


@pytest.mark.parametrize("name", SOURCES)
def test_every_field_of_a_type_is_named(name):
    own = SOURCES[name].keys() - {"explanation"}
    assert own <= import_module(f"questions.types.{name}.authoring").FIELDS


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("true_false", {"answer": None}, {("answer",): "needs true or false, not nothing"}),
        ("true_false", {"answer": "yes"}, {("answer",): "needs true or false, not 'yes'"}),
        ("true_false", {"answer": 1}, {("answer",): "needs true or false, not 1"}),
        ("single_choice", {"options": None}, {("options",): "needs a list of at least 2, not nothing"}),
        ("single_choice", {"options": "ab"}, {("options",): "needs a list of at least 2, not 'ab'"}),
        (
            "single_choice",
            {"options": [{"text": "a"}, {"text": "b"}]},
            {("options",): "needs exactly one right option, not 0"},
        ),
        (
            "single_choice",
            {"options": [{"text": "a", "right": True}, {"text": "b", "right": True}]},
            {("options",): "needs exactly one right option, not 2"},
        ),
        (
            "single_choice",
            {"options": [{"text": "a", "right": "yes"}, {"text": " "}, {"text": "b", "right": True, "wy": "x"}]},
            {
                ("options", 0, "right"): "needs true or false, not 'yes'",
                ("options", 1, "text"): "needs a text, not ' '",
                ("options", 2, "wy"): "is not a known field here",
            },
        ),
        (
            "single_choice",
            {"options": [{"text": "a", "right": True}, {"text": "a"}]},
            {("options", 1): "says the same as row 1"},
        ),
        (
            "single_choice",
            {"options": [{"text": "a", "right": True, "why": ""}, "b"]},
            {
                ("options", 0, "why"): "needs a text, not ''",
                ("options", 1, "text"): "needs a text, not nothing",
            },
        ),
        (
            "multiple_choice",
            {"options": [{"text": "a"}, {"text": "b"}]},
            {("options",): "needs at least one right option"},
        ),
        ("numeric", {"answer": None}, {("answer",): 'needs a number in quotes, such as "0.25", not nothing'}),
        ("numeric", {"answer": 0.25}, {("answer",): 'needs a number in quotes, such as "0.25", not 0.25'}),
        ("numeric", {"answer": True}, {("answer",): 'needs a number in quotes, such as "0.25", not True'}),
        ("numeric", {"tolerance": "-1"}, {("tolerance",): "cannot be negative"}),
        ("numeric", {"tolerance": "wide"}, {("tolerance",): "needs a number in quotes, such as \"0.25\", not 'wide'"}),
        ("numeric", {"unit": 3}, {("unit",): "needs a text, not 3"}),
        (
            "numeric",
            {"answer": "0.0", "relative": True},
            {("relative",): "has no effect when the answer is 0: use an absolute tolerance"},
        ),
        ("text", {"answers": []}, {("answers",): "needs a list of at least 1, not []"}),
        ("text", {"answers": ["a", 3]}, {("answers", 1): "needs a text, not 3"}),
        ("text", {"answers": ["a" * 201]}, {("answers", 0): "needs a text of at most 200 characters"}),
        ("text", {"answers": ["a", " a"]}, {("answers", 1): "says the same as row 1"}),
        ("text", {"case": "upper"}, {("case",): "needs fold or exact, not 'upper'"}),
        ("matching", {"pairs": [["a", "b"]]}, {("pairs",): "needs a list of at least 2, not [['a', 'b']]"}),
        (
            "matching",
            {"pairs": [["a", "x"], ["a", "y"], ["b"], ["c", ""]]},
            {
                ("pairs", 1): "says the same as row 1",
                ("pairs", 2): "needs a pair: [left, right]",
                ("pairs", 3, 1): "needs a text, not ''",
            },
        ),
        (
            "matching",
            {"extra": ["binary", "squared", "squared"]},
            {("extra", 0): "is the match of a pair, so it is not extra", ("extra", 2): "says the same as row 2"},
        ),
        (
            "matching",
            {"pairs": [["a", "x"], ["b", "x"]], "extra": None},
            {("pairs",): "needs two different right sides, or one in extra; otherwise every response is right"},
        ),
        ("ordering", {"items": ["a"]}, {("items",): "needs a list of at least 2, not ['a']"}),
        (
            "ordering",
            {"items": ["a", "a", None]},
            {("items", 1): "says the same as row 1", ("items", 2): "needs a text, not nothing"},
        ),
        ("tensor_shape", {"answer": None}, {("answer",): "needs a shape such as [null, 28, 28, 1], not nothing"}),
        ("tensor_shape", {"answer": [-1]}, {("answer",): "needs a shape such as [null, 28, 28, 1], not [-1]"}),
        ("tensor_shape", {"answer": "[1]"}, {("answer",): "needs a shape such as [null, 28, 28, 1], not '[1]'"}),
    ],
)
def test_every_mistake_is_named_with_its_place(name, changes, expected):
    assert problems(name, **changes) == expected


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("name", SOURCES)
@given(data=st.data())
def test_no_source_crashes_the_compiler(name, data):
    fields = import_module(f"questions.types.{name}.authoring").FIELDS
    question = authored(name, **{field: data.draw(anything) for field in sorted(fields)})
    assert all(isinstance(problem, SourceProblem) for problem in question.problems)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            [{"text": "a", "right": True}, {"text": "b"}],
            {("options", 1, "why"): "a wrong option needs the reason why someone believes it"},
        ),
        (
            [{"text": "All of the above.", "right": True}, {"text": "b", "why": "c"}],
            {
                ("options", 0, "text"): "“of the above” can be guessed from its form",
                ("options", 0): "this option speaks of the others, so it needs “last: true” to stay behind them",
            },
        ),
        (
            [{"text": "the one that is explained with care", "right": True}, {"text": "another one", "why": "c"}],
            {("options", 0, "text"): "the right option is by far the longest"},
        ),
        ([{"text": "the longest of them all, by far", "why": "c"}, {"text": "short", "right": True}], {}),
    ],
)
def test_advice_is_on_what_gives_a_key_away(options, expected):
    question = authored("single_choice", options=options)
    assert (question.problems, {advice.path: advice.message for advice in question.advice}) == ((), expected)


def test_ids_are_opaque_and_stay_while_question_and_text_do():
    options = SOURCES["single_choice"]["options"]
    swapped = [{**options[1], "right": True}, {**options[0], "right": False}, options[2]]
    ids = ids_of(body_of("single_choice")["options"])
    assert ids_of(body_of("single_choice", options=swapped)["options"]) == ids
    assert ids_of(body_of("single_choice", id="other")["options"]).keys() == ids.keys()
    assert set(ids_of(body_of("single_choice", id="other")["options"]).values()) & set(ids.values()) == set()
    assert [len(each) for each in ids.values()] == [12, 12, 12]


@pytest.mark.parametrize("name", SOURCES)
def test_the_body_does_not_change_with_the_key(name):
    """The body reveals nothing: another key gives the same body."""
    other = {
        "true_false": {"answer": True},
        "single_choice": {
            "options": [{**o, "right": n == 2} for n, o in enumerate(SOURCES["single_choice"]["options"])]
        },
        "multiple_choice": {
            "options": [{**o, "right": n == 0} for n, o in enumerate(SOURCES["multiple_choice"]["options"])]
        },
        "numeric": {"answer": "17"},
        "text": {"answers": ["something else"]},
        "matching": {"pairs": [["spam", "categorical"], ["digit", "binary"], ["ham", "binary"]]},
        "tensor_shape": {"answer": []},
        "ordering": {},
    }
    assert body_of(name, **other[name]) == body_of(name)


@given(st.lists(st.text("abcdef", min_size=1), min_size=2, max_size=5, unique=True), st.text(max_size=3))
def test_items_to_order_are_never_shown_in_the_right_order(items, explanation):
    body = body_of("ordering", items=items, explanation=explanation)
    assert [item["source"] for item in body["items"]] != items
    assert sorted(item["source"] for item in body["items"]) == sorted(items)


def test_the_shown_order_cannot_be_computed_without_the_secret_explanation():
    orders = {tuple(item["source"] for item in body_of("ordering", explanation=str(n))["items"]) for n in range(200)}
    assert len(orders) == 23  # every order of four except the right one


def test_the_right_column_is_sorted_by_id_and_has_each_text_once():
    right = body_of("matching")["right"]
    assert [item["id"] for item in right] == sorted(item["id"] for item in right)
    assert sorted(item["source"] for item in right) == ["binary", "categorical", "squared"]


@pytest.mark.parametrize("name", ["single_choice", "multiple_choice", "matching", "ordering"])
def test_texts_and_reasons_go_through_the_renderer(name):
    question = authored(name, render=lambda written: f"<i>{written}</i>")
    items = [item for column in question.body.values() for item in column]
    assert [item["html"] for item in items] == [f"<i>{item['source']}</i>" for item in items]
    assert all(why.startswith("<i>") for why in question.key.get("whys", {}).values())


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "nothing"), ("a", "'a'"), ("a" * 50, "'" + "a" * 38 + "…"), ([1], "[1]")]
)
def test_a_message_quotes_a_value_short(value, expected):
    assert quote_short(value) == expected
