"""Parsing and marking of every type (D3, D12, D25): right, wrong, blank, malformed, and nothing else."""

import json
import sys
from decimal import Decimal
from fractions import Fraction
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.refusals import Refusal
from questions.rules.attempts import is_same
from questions.rules.storable import refuse_unstorable
from tests.questions.bodies import SOURCES, authored, body_of, ids_of, right_response


def marking(name):
    return import_module(f"questions.types.{name}.marking")


def parsed(name, raw, body=None):
    """Return the canonical response, or the code of the refusal."""
    try:
        return marking(name).parse(raw, body_of(name) if body is None else body)
    except Refusal as refusal:
        return refusal.code


def marked(name, raw, **changes):
    question = authored(name, **changes)
    return marking(name).is_right(marking(name).parse(raw, question.body), question.key)


BLANK, INVALID = "blank_response", "invalid_response"
SINGLE = ids_of(body_of("single_choice")["options"])
MULTIPLE = ids_of(body_of("multiple_choice")["options"])
LEFT, RIGHT = (ids_of(body_of("matching")[side]) for side in ("left", "right"))
ITEMS = ids_of(body_of("ordering")["items"])
PAIRS = {LEFT["spam"]: RIGHT["binary"], LEFT["digit"]: RIGHT["categorical"], LEFT["ham"]: RIGHT["binary"]}
ORDER = [ITEMS[text] for text in ("batch", "loss", "gradient", "update")]


@pytest.mark.parametrize(
    ("name", "raw", "canonical"),
    [
        ("true_false", True, True),
        ("true_false", False, False),
        ("single_choice", SINGLE["Step"], SINGLE["Step"]),
        ("multiple_choice", [MULTIPLE["ReLU"]], [MULTIPLE["ReLU"]]),
        ("multiple_choice", sorted(MULTIPLE.values(), reverse=True), sorted(MULTIPLE.values())),
        ("numeric", "3.14", "3.14"),
        ("numeric", " 3,14 ", "3.14"),
        ("numeric", "+0,50", "0.5"),
        ("numeric", ".5", "0.5"),
        ("numeric", "5.", "5"),
        ("numeric", "-0.0", "0"),
        ("numeric", "\u22122", "-2"),
        ("numeric", "\uff11\uff12", "12"),
        ("numeric", "1e3", "1000"),
        ("numeric", "1E-3", "0.001"),
        ("numeric", "2.50e+1", "25"),
        ("numeric", "1e309", "1E+309"),
        ("numeric", "12e-40", "1.2E-39"),
        ("numeric", "1e1000", "1E+1000"),
        ("numeric", "0e999", "0"),
        ("numeric", "1" * 50, "1" * 50),
        ("numeric", "1" * 50 + "e-59", "0." + "0" * 9 + "1" * 50),
        ("numeric", "1" * 50 + "e-100", "1." + "1" * 49 + "E-51"),
        ("numeric", "1" * 50 + "e951", "1." + "1" * 49 + "E+1000"),
        ("numeric", "0" * 127 + "7", "7"),
        ("numeric", "1" + "0" * 100, "1E+100"),
        ("text", "  Gradient \n descent ", "Gradient descent"),
        ("text", "\uff33\uff27\uff24", "SGD"),
        ("text", "a" * 200, "a" * 200),
        ("text", "0", "0"),
        ("matching", dict(reversed(PAIRS.items())), PAIRS),
        ("ordering", ORDER, ORDER),
        ("ordering", ORDER[::-1], ORDER[::-1]),
        ("tensor_shape", [], []),
        ("tensor_shape", [None, 28, 28, 1], [None, 28, 28, 1]),
        ("tensor_shape", [0], [0]),
        ("tensor_shape", [2**31 - 1] * 16, [2**31 - 1] * 16),
    ],
)
def test_every_valid_response_has_one_canonical_form(name, raw, canonical):
    assert is_same(parsed(name, raw), canonical)
    assert is_same(parsed(name, parsed(name, raw)), canonical)  # which is its own canonical form


def test_canonical_pairs_are_in_the_order_of_the_left_column():
    assert list(parsed("matching", dict(reversed(PAIRS.items())))) == [LEFT["spam"], LEFT["digit"], LEFT["ham"]]


BLANKS = {
    "true_false": [None, ""],
    "single_choice": [None, ""],
    "multiple_choice": [None, "", []],
    "numeric": [None, "", " \t\n", "\u3000"],
    "text": [None, "", "  ", "\u200b", "\u3000\u00a0"],
    "matching": [None, "", {}, dict(list(PAIRS.items())[:2]), {**PAIRS, LEFT["ham"]: None}, {**PAIRS, LEFT["ham"]: ""}],
    "ordering": [None, "", [], {}, {ORDER[0]: "1"}],
    "tensor_shape": [None, ""],
}


@pytest.mark.parametrize(("name", "raw"), [(name, raw) for name, raws in BLANKS.items() for raw in raws])
def test_blank_responses_are_refused_as_blank(name, raw):
    assert parsed(name, raw) == BLANK


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("true_false", "true"),
        ("true_false", 1),
        ("true_false", 0),
        ("true_false", []),
        ("true_false", [True]),
        ("single_choice", "none of them"),
        ("single_choice", [SINGLE["Step"]]),
        ("single_choice", MULTIPLE["Momentum"]),
        ("single_choice", True),
        ("multiple_choice", MULTIPLE["ReLU"]),
        ("multiple_choice", [MULTIPLE["ReLU"]] * 2),
        ("multiple_choice", [MULTIPLE["ReLU"], "other"]),
        ("multiple_choice", [MULTIPLE["ReLU"], None]),
        ("multiple_choice", [[MULTIPLE["ReLU"]]]),
        ("multiple_choice", [{}]),
        ("multiple_choice", {MULTIPLE["ReLU"]: True}),
        ("numeric", "NaN"),
        ("numeric", "Infinity"),
        ("numeric", "-inf"),
        ("numeric", "1e1001"),
        ("numeric", "1e-1001"),
        ("numeric", "1e99999999999999999999"),
        ("numeric", "1" * 51),
        ("numeric", "0" * 129),
        ("numeric", "12e1000"),
        ("numeric", "0e" + "9" * 6),
        ("numeric", "\u2474" * 128),  # each becomes three characters
        ("numeric", "3" + " " * 128),
        ("numeric", "10\u00b2"),
        ("numeric", "2\u2076"),
        ("numeric", "\u208225"),
        ("numeric", "\u2460"),
        ("numeric", "1 000"),
        ("numeric", "1,000.5"),
        ("numeric", "1.2.3"),
        ("numeric", "1_000"),
        ("numeric", "0x10"),
        ("numeric", "1e"),
        ("numeric", "e5"),
        ("numeric", "."),
        ("numeric", "-"),
        ("numeric", "--1"),
        ("numeric", "3.14 nats"),
        ("numeric", "1/2"),
        ("numeric", "\u0661\u0662"),  # digits, but not of a number in this course
        ("numeric", "3\0"),
        ("numeric", 3),
        ("numeric", 3.14),
        ("numeric", True),
        ("numeric", ["3"]),
        ("text", "a" * 201),
        ("text", "a" + " " * 200),
        ("text", "a\0b"),
        ("text", "\ud800"),
        ("text", "\ufdfa" * 20),  # each becomes eighteen characters
        ("text", 3),
        ("text", ["SGD"]),
        ("text", False),
        ("matching", []),
        ("matching", list(PAIRS)),
        ("matching", {**PAIRS, "other": RIGHT["binary"]}),
        ("matching", {**PAIRS, LEFT["ham"]: "other"}),
        ("matching", {**PAIRS, LEFT["ham"]: LEFT["ham"]}),
        ("matching", {**PAIRS, LEFT["ham"]: [RIGHT["binary"]]}),
        ("matching", {**PAIRS, LEFT["ham"]: True}),
        ("ordering", ORDER[:3]),
        ("ordering", [*ORDER, ORDER[0]]),
        ("ordering", [*ORDER[:3], ORDER[0]]),
        ("ordering", [*ORDER[:3], "other"]),
        ("ordering", [*ORDER[:3], None]),
        ("ordering", [*ORDER[:3], 1]),
        ("ordering", [ORDER]),
        ("ordering", dict.fromkeys(ORDER, "1")),
        ("tensor_shape", "(None, 28, 28, 1)"),
        ("tensor_shape", 28),
        ("tensor_shape", [-1]),
        ("tensor_shape", [True]),
        ("tensor_shape", [28.0]),
        ("tensor_shape", ["28"]),
        ("tensor_shape", [[28]]),
        ("tensor_shape", [2**31]),
        ("tensor_shape", [1] * 17),
        ("tensor_shape", {"0": 28}),
    ],
)
def test_malformed_responses_are_refused_as_invalid(name, raw):
    assert parsed(name, raw) == INVALID


DEEP: list = []
for _ in range(1_000):
    DEEP = [DEEP]
HOSTILE = [
    float("nan"),
    float("inf"),
    json.loads("1e309"),
    -1,
    2**4000,
    10 ** (sys.get_int_max_str_digits() + 1),
    "\0",
    "\ud800",
    "a" * 1_000_000,
    "9" * 1_000_000,
    ["a"] * 100_000,
    {str(n): n for n in range(1_000)},
    DEEP,
    [None] * 100,
    [[]],
    [{}],
    {"a": DEEP},
    {1: 2},
    b"bytes",
    Decimal("NaN"),
    object(),
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "q",
]


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", SOURCES)
def test_nothing_crashes_and_nothing_hostile_is_right(name, raw):
    canonical = parsed(name, raw)
    if canonical not in (BLANK, INVALID):
        refuse_unstorable(canonical)
        assert marking(name).is_right(canonical, authored(name).key) is False


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*SINGLE.values(), *MULTIPLE.values(), *LEFT.values(), *RIGHT.values(), *ORDER]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3) | st.sampled_from(ORDER), inner),
    max_leaves=8,
)


@pytest.mark.parametrize("name", SOURCES)
@given(raw=anything)
def test_any_input_gives_canonical_json_or_a_refusal(name, raw):
    canonical = parsed(name, raw)
    if canonical not in (BLANK, INVALID):
        refuse_unstorable(canonical)
        assert is_same(parsed(name, json.loads(json.dumps(canonical))), canonical)
        assert marking(name).is_right(canonical, authored(name).key) in (True, False)


@pytest.mark.parametrize("name", SOURCES)
def test_the_key_itself_is_right(name):
    assert marked(name, right_response(name)) is True


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("true_false", True),
        ("single_choice", SINGLE["Sigmoid"]),
        ("multiple_choice", [MULTIPLE["ReLU"]]),  # all or nothing
        ("multiple_choice", list(MULTIPLE.values())),
        ("multiple_choice", [MULTIPLE["ReLU"], MULTIPLE["Momentum"]]),
        ("text", "gradient ascent"),
        ("text", "gradientdescent"),
        ("matching", {**PAIRS, LEFT["ham"]: RIGHT["squared"]}),
        ("ordering", [ORDER[1], ORDER[0], *ORDER[2:]]),
        ("ordering", [*ORDER[:2], ORDER[3], ORDER[2]]),
        ("tensor_shape", []),
        ("tensor_shape", [28, 28, 28, 1]),
        ("tensor_shape", [None, 28, 28]),
        ("tensor_shape", [None, 28, 28, None]),
        ("tensor_shape", [1, 28, 28, None]),
    ],
)
def test_everything_else_is_wrong_as_a_whole(name, raw):
    assert marked(name, raw) is False


@pytest.mark.parametrize(
    ("answer", "tolerance", "is_relative", "raw", "expected"),
    [
        ("0.25", "0.01", False, "0.24", True),  # the tolerance is inclusive
        ("0.25", "0.01", False, "0,26", True),
        ("0.25", "0.01", False, "0.26000000000000000000000000000000000000001", False),
        ("0.25", "0.01", False, "0.2399999999999999999999999999999999999999", False),
        ("0.25", "0.01", False, "2.5e-1", True),
        ("0.1", "0", False, "0.1", True),
        ("0.1", "0", False, "0.10000000000000001", False),  # equal as floats
        ("0.3", "0", False, "0.30000000000000004", False),
        ("200", "0.05", True, "210", True),
        ("200", "0.05", True, "190", True),
        ("200", "0.05", True, "210.1", False),
        ("200", "0.05", False, "210", False),
        ("-200", "0.05", True, "-210", True),
        ("-200", "0.05", True, "-189.9", False),
        ("-200", "0.05", True, "200", False),
        ("0", "0.5", False, "-0.5", True),
        ("1e300", "0", False, "1E+300", True),
        ("1e300", "0", False, "1e301", False),
    ],
)
def test_numbers_are_compared_exactly_within_an_inclusive_tolerance(answer, tolerance, is_relative, raw, expected):
    changes = {"answer": answer, "tolerance": tolerance, "relative": is_relative}
    assert marked("numeric", raw, **changes) == expected


@given(st.decimals("-1000", "1000", places=3), st.decimals("-1000", "1000", places=3), st.decimals("0", "2", places=3))
def test_a_number_is_right_when_whole_numbers_say_so(answer, given, tolerance):
    thousandths = [int(number * 1000) for number in (answer, given, tolerance)]
    expected = abs(thousandths[1] - thousandths[0]) <= thousandths[2]
    assert marked("numeric", f"{given:f}", answer=f"{answer:f}", tolerance=f"{tolerance:f}") == expected


@given(st.from_regex(r"[+-]?[0-9]{0,60}[.,]?[0-9]{0,60}([eE][+-]?[0-9]{1,5})?", fullmatch=True))
def test_a_canonical_number_is_its_own_canonical_form(raw):
    canonical = parsed("numeric", raw)
    if canonical not in (BLANK, INVALID):
        assert parsed("numeric", canonical) == canonical
        if "e" not in raw.lower():
            assert Fraction(canonical) == Fraction(raw.replace(",", "."))


@given(st.text(max_size=210))
def test_a_canonical_text_is_its_own_canonical_form(raw):
    canonical = parsed("text", raw)
    assert parsed("text", canonical) == canonical


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=9))
def test_a_number_keeps_its_exact_value(number):
    assert Fraction(parsed("numeric", f"{number:f}")) == Fraction(number)


@pytest.mark.parametrize(
    ("case", "raw", "expected"),
    [
        ("fold", "GRADIENT DESCENT", True),
        ("fold", " sgd ", True),
        ("fold", "\uff33\uff27\uff24", True),
        ("exact", "SGD", True),
        ("exact", "sgd", False),
        ("exact", "gradient  descent", True),
        ("exact", "Gradient descent", False),
    ],
)
def test_texts_are_compared_after_tidying_and_without_case_unless_the_author_says(case, raw, expected):
    assert marked("text", raw, case=case) == expected


@pytest.mark.parametrize(
    ("answer", "raw"),
    [("Straße", "STRASSE"), ("ﬁlter", "filter"), ("e\u0301tat", "\u00c9TAT"), ("\u03a3", "\u03c2"), ("x\u00b2", "X2")],
)
def test_texts_that_read_the_same_are_the_same(answer, raw):
    assert marked("text", raw, answers=[answer]) is True


@pytest.mark.parametrize("name", SOURCES)
def test_a_refusal_states_what_is_expected_without_the_key(name):
    with pytest.raises(Refusal) as caught:
        marking(name).parse(object(), body_of(name))
    assert caught.value.facts == {"expected": marking(name).EXPECTED}
