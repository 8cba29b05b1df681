import base64

import numpy as np
import pytest

from labs.runner.judge.untrusted import (
    MOST_NUMBERS,
    Raised,
    Unacceptable,
    as_numbers,
    as_plain,
    read_answer,
    read_value,
)
from labs.runner.kernel.wire import encode

FOUR_BYTES = base64.b64encode(b"\0\0\0\0").decode()


def array_answer(dtype: object = "<f4", shape: object = (1,), data: object = FOUR_BYTES) -> dict:
    return {"kind": "array", "dtype": dtype, "shape": list(shape) if isinstance(shape, tuple) else shape, "data": data}


@pytest.mark.parametrize(
    "value", [None, True, 12, -3, 2**70, 0.25, "text", [1, 2.5, "three"], {"a": [1], "b": None}, [[1, 2], [3, 4]], []]
)
def test_a_plain_value_survives_the_round_trip(value: object) -> None:
    assert read_value(encode(value)) == value


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "float16", "float32", "float64", ">f4"])
def test_an_array_comes_back_with_its_shape_and_numbers(dtype: str) -> None:
    array = np.array([[1, 0, 1], [0, 1, 0]], dtype=dtype)
    read = read_value(encode(array))
    assert type(read) is np.ndarray
    assert (read == array).all()
    assert read.shape == (2, 3)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "passed",
        {},
        {"verdict": "passed"},
        {"ok": None},
        {"ok": {"kind": "unheard"}},
        {"ok": {"kind": ["array"]}},
        {"ok": {"kind": "bool", "value": 1}},
        {"ok": {"kind": "bool", "value": "true"}},
        {"ok": {"kind": "int", "value": 3}},
        {"ok": {"kind": "int", "value": "1_000"}},
        {"ok": {"kind": "int", "value": "--1"}},
        {"ok": {"kind": "int", "value": "²"}},
        {"ok": {"kind": "int", "value": "9" * 5_000}},
        {"ok": {"kind": "float", "value": 0.5}},
        {"ok": {"kind": "float", "value": "half"}},
        {"ok": {"kind": "text", "value": ["a"]}},
        {"ok": {"kind": "list", "items": "abc"}},
        {"ok": {"kind": "list", "items": [{"kind": "none"}] * 10_001}},
        {"ok": {"kind": "dict", "items": [["a"]]}},
        {"ok": {"kind": "dict", "items": [[1, {"kind": "none"}]]}},
        {"ok": {"kind": "other", "type": "Clever"}},
        {"ok": array_answer(dtype="|O8")},
        {"ok": encode(np.zeros(MOST_NUMBERS + 1, dtype="int8"))},
        {"ok": encode([np.zeros(MOST_NUMBERS // 2 + 1, dtype="int8")] * 2)},
        {"ok": array_answer(dtype="<U4")},
        {"ok": array_answer(dtype="<f4,<f4")},
        {"ok": array_answer(dtype=["<f4"])},
        {"ok": array_answer(shape=(2,))},
        {"ok": array_answer(shape=(-1,))},
        {"ok": array_answer(shape=(True,))},
        {"ok": array_answer(shape=(1.0,))},
        {"ok": array_answer(shape=(2**62, 2**62))},
        {"ok": array_answer(shape=(1,) * 9)},
        {"ok": array_answer(shape="1")},
        {"ok": array_answer(data="AAAA")},
        {"ok": array_answer(data="!!!!!!!!")},
        {"ok": array_answer(data=b"\0" * 8)},
    ],
    ids=str,
)
def test_invalid_answers_are_unacceptable(answer: object) -> None:
    with pytest.raises(Unacceptable):
        read_answer(answer)


def test_a_value_nested_without_end_is_unacceptable() -> None:
    value: dict = {"kind": "none"}
    for _ in range(50):
        value = {"kind": "list", "items": [value]}
    with pytest.raises(Unacceptable):
        read_value(value)


@pytest.mark.parametrize(
    "value",
    [None, True, "1", {"a": 1}, [True], [[1], [1, 2]], [1, "2"], float("nan"), [1.0, float("inf")], np.array([True])],
    ids=str,
)
def test_numbers_that_are_not_finite_are_unacceptable(value: object) -> None:
    with pytest.raises(Unacceptable):
        as_numbers(value)


def test_a_model_s_weights_reach_an_author_as_several_arrays() -> None:
    weights = as_plain([np.zeros((2, 3)), np.zeros(3)])
    assert [some.shape for some in weights] == [(2, 3), (3,)]


def test_a_list_of_lists_reaches_an_author_as_one_array() -> None:
    assert as_plain([[1, 2], [3, 4]]).shape == (2, 2)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ({"type": "ValueError", "message": "two\nlines"}, "Your code raised ValueError: two lines"),
        (
            {"type": "Ended", "message": "The process ended before it answered."},
            "The process ended before it answered.",
        ),
        ({"type": "\x1b[31mred", "message": ""}, "Your code raised  [31mred."),
        ({"type": 3, "message": None}, "Your code raised an error."),
        ("forged", "Your code raised an error."),
    ],
)
def test_an_error_is_reported_in_one_printable_line(error: object, told: str) -> None:
    with pytest.raises(Raised) as raised:
        read_answer({"error": error})
    assert " ".join(str(raised.value).split()) == " ".join(told.split())
