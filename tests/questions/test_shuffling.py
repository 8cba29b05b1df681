"""The order in which a learner sees options, pairs and items (D40)."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions import types
from questions.rules.shuffling import EXAM_ORDERS, REVIEW_ORDERS, Shuffle, review_number
from tests.questions.bodies import SOURCES, authored, body_of, right_response, wrong_response

IDS = st.lists(st.text("abcdef0123456789", min_size=1, max_size=12), min_size=1, max_size=8, unique=True)
NUMBERS = st.integers(0, EXAM_ORDERS - 1)
SHUFFLED = ("single_choice", "multiple_choice", "matching", "ordering")


def arranged(name, number, secret="", **changes):
    question = authored(name, **changes)
    return types.get(name).arranged(question.body, question.key, Shuffle(number, "q", secret))


def ids_in(items):
    return [item["id"] for item in items]


@given(NUMBERS, IDS, st.data())
def test_an_order_holds_every_id_once_and_those_that_stay_last_at_the_end(number, ids, data):
    last = data.draw(st.lists(st.sampled_from(ids), unique=True))
    order = Shuffle(number, "q").order(ids, last=last)
    assert sorted(order) == sorted(ids)
    assert order[len(ids) - len(last) :] == [shown for shown in ids if shown in last]


@given(NUMBERS, IDS, st.randoms())
def test_an_order_does_not_depend_on_the_order_of_the_file(number, ids, random):
    mixed = list(ids)
    random.shuffle(mixed)
    assert Shuffle(number, "q").order(ids) == Shuffle(number, "q").order(mixed)


def test_every_option_is_at_every_place_about_equally_often():
    ids = list("abcd")
    places = Counter((place, shown) for n in range(4000) for place, shown in enumerate(Shuffle(n, "q").order(ids)))
    assert len(places) == 16
    assert all(900 < count < 1100 for count in places.values())


def test_a_number_orders_two_questions_independently():
    ids = list("abcd")
    equal = sum(Shuffle(n, "one").order(ids)[0] == Shuffle(n, "two").order(ids)[0] for n in range(4000))
    assert 900 < equal < 1100


def test_a_number_always_shows_the_same_order():
    """The orders are fixed here, because what a learner saw is computed again from the stored number."""
    assert "".join(Shuffle(7, "question").order("abcdef")) == RECORDED[0]
    assert [review_number(learner, "review") for learner in range(8)] == RECORDED[1]


RECORDED = ("decfba", [4, 4, 3, 5, 7, 2, 6, 3])


def test_reviews_have_every_number():
    assert {review_number(learner, "review") for learner in range(200)} == set(range(REVIEW_ORDERS))


@pytest.mark.parametrize("name", SHUFFLED)
def test_learners_see_different_orders_of_the_same_items(name):
    shown = [arranged(name, number) for number in range(40)]
    written = body_of(name)
    for column, items in written.items():
        assert len({tuple(ids_in(body[column])) for body in shown}) > 3
        assert all(sorted(ids_in(body[column])) == sorted(ids_in(items)) for body in shown)


def test_labels_of_the_prompt_stay_in_order_on_the_left():
    pairs = [["A", "one"], ["B", "two"], ["C", "three"], ["D", "four"]]
    shown = [arranged("matching", number, pairs=pairs) for number in range(40)]
    assert {"".join(item["source"] for item in body["left"]) for body in shown} == {"ABCD"}
    assert len({tuple(ids_in(body["right"])) for body in shown}) > 3


@pytest.mark.parametrize("name", sorted(set(SOURCES) - set(SHUFFLED)))
def test_other_types_stay_as_they_are(name):
    assert arranged(name, 3) == body_of(name)


@pytest.mark.parametrize("name", sorted(SOURCES))
@pytest.mark.parametrize("number", range(5))
def test_marking_does_not_depend_on_the_order(name, number):
    kind, body, key = types.get(name), arranged(name, number), authored(name).key
    responses = right_response(name), wrong_response(name)
    parsed = [kind.parse(response, body) for response in responses]
    assert parsed == [kind.parse(response, body_of(name)) for response in responses]
    assert [kind.is_right(response, key) for response in parsed] == [True, False]


def test_an_option_that_stays_last_is_last_for_everyone():
    options = [{"text": "None of these", "last": True}, *SOURCES["single_choice"]["options"]]
    shown = [arranged("single_choice", number, options=options)["options"] for number in range(40)]
    assert {items[-1]["source"] for items in shown} == {"None of these"}
    assert {items[0]["source"] for items in shown} == {"ReLU", "Sigmoid", "Step"}


def test_last_is_true_or_false():
    options = [{"text": "None", "last": "yes"}, *SOURCES["single_choice"]["options"]]
    (problem,) = authored("single_choice", options=options).problems
    assert (problem.path, problem.message) == (("options", 0, "last"), "needs true or false, not 'yes'")


def test_an_option_without_last_is_compiled_as_before():
    assert all(item.keys() == {"id", "html", "source"} for item in body_of("single_choice")["options"])


@pytest.mark.parametrize("items", [["one", "two"], ["one", "two", "three"]])
def test_an_ordering_question_never_begins_solved(items):
    right = authored("ordering", items=items).key["right"]
    shown = [ids_in(arranged("ordering", number, "why", items=items)["items"]) for number in range(200)]
    assert right not in shown
    assert len({tuple(order) for order in shown}) == (1 if len(items) == 2 else 5)


def test_the_order_of_an_ordering_question_cannot_be_computed_without_its_explanation():
    shown = [[ids_in(arranged("ordering", n, secret)["items"]) for n in range(20)] for secret in ("one", "other")]
    assert shown[0] != shown[1]
