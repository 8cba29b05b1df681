"""The language of computed values is exact, small and safe: it refuses everything else, and does little before it refuses."""

import ast
from decimal import Decimal, getcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.environment import ROOT
from questions.variants.evaluating import MOST_WORK, Evaluation
from questions.variants.expressions import DEEPEST, LONGEST, parse_expression
from questions.variants.values import ExpressionFault, fixed_text, number_text, rounded, significant_digits

W = ((Fraction(1), Fraction(2)), (Fraction(3), Fraction(-4)))
NAMES = {
    "n": Fraction(7),
    "m": Fraction(2),
    "rate": Fraction(1, 10),
    "w": W,
    "x": (Fraction(1), Fraction(2)),
    "f": "ReLU",
}


def value(text, **names):
    return Evaluation({**NAMES, **names}).of(parse_expression(text))


def fault(text):
    with pytest.raises(ExpressionFault) as failure:
        value(text)
    return failure.value


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("0.1 + 0.2", Fraction(3, 10)),
        ("1e-3 * 2", Fraction(1, 500)),
        ("n / m", Fraction(7, 2)),
        ("n // m", 3),
        ("-n // m", -4),
        ("-n % m", 1),
        ("-m ** 2", -4),
        ("m ** -2", Fraction(1, 4)),
        ("2 ** 3 ** 2", 512),
        ("n − m × 3", 1),
        ("1 + 2 * 3 - 4 / 2", 5),
        ("8 / 4 / 2", 1),
        ("(1 + 2) * 3", 9),
        ("n > m and not m > n", True),
        ("0 < m < 5 < n", True),
        ("0 < m > 5", False),
        ("n == 7 or 1 / 0 == 1", True),
        ("m if n < 0 else n", 7),
        ('f == "ReLU"', True),
        ("f != 'tanh'", True),
        ("true and f == 'tanh'", False),
        ("w[1][0]", 3),
        ("w[1, -1]", -4),
        ("[1, 2, n]", (1, 2, 7)),
        ("x + [3, 4]", (4, 6)),
        ("2 * w - w", W),
        ("x / 2", (Fraction(1, 2), 1)),
        ("dot(x, x)", 5),
        ("dot(w, x)", (5, -5)),
        ("dot(x, w)", (7, -6)),
        ("dot(w, w)", ((7, -6), (-9, 22))),
        ("transpose(w)", ((1, 3), (2, -4))),
        ("shape(w)", (2, 2)),
        ("shape(x)", (2,)),
        ("len(w)", 2),
        ("sum(w)", 2),
        ("sum(n, m)", 9),
        ("product(1, 2, x)", 4),
        ("min(w)", -4),
        ("max(0, m - n)", 0),
        ("abs(w)", ((1, 2), (3, 4))),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(1 / 3, 4)", Fraction(3333, 10000)),
        ("floor(-0.5)", -1),
        ("ceil(0.1)", 1),
        ("sqrt(2.25)", Fraction(3, 2)),
        ("sqrt(2, 3)", Fraction(1414, 1000)),
        ("exp(1, 5)", Fraction(271828, 100000)),
        ("log(2, 4)", Fraction(6931, 10000)),
        ("sigmoid(0, 3)", Fraction(1, 2)),
        ("sigmoid(2, 4)", Fraction(8808, 10000)),
        ("tanh(1, 4)", Fraction(7616, 10000)),
        ("count(w, 2)", 1),
        ("distinct(n, m, 7)", False),
        ("distinct(x)", True),
        ("apart(2, 1, 5, 3)", True),
        ("apart(2, 1, 5, 4)", False),
        ("digits(1200)", 2),
        ("sorted([3, 1, 2])", (1, 2, 3)),
    ],
)
def test_expressions_say_what_people_expect(text, result):
    assert value(text) == result


@given(
    st.recursive(
        st.integers(0, 30).map(str) | st.sampled_from(["n", "m"]),
        lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} -{parts[2]})"
        ),
        max_leaves=8,
    )
)
def test_whole_numbers_follow_the_rules_of_python(text):
    try:
        expected = eval(text, {"n": 7, "m": 2})
    except ZeroDivisionError:
        assert "divides by 0" in fault(text).message
    else:
        assert value(text) == expected


@given(st.decimals("-1000", "1000", places=4), st.decimals("-1000", "1000", places=4))
def test_decimals_are_exact(one, other):
    assert value(f"({one}) * ({other}) + ({one})") == Fraction(one) * Fraction(other) + Fraction(one)


@given(st.fractions(max_denominator=10_000), st.integers(0, 6))
def test_rounding_is_to_the_nearest_and_a_half_goes_away_from_zero(number, places):
    nearest = rounded(number, places)
    assert abs(nearest - number) <= Fraction(1, 2 * 10**places)
    assert Fraction(fixed_text(number, places)) == nearest
    assert (fixed_text(number, places).lstrip("-0.") == "") == (nearest == 0)
    if nearest == 0:
        assert not fixed_text(number, places).startswith("-")


@given(st.decimals("-99999", "99999", places=5))
def test_a_finite_decimal_is_written_in_full_and_without_trailing_zeros(number):
    text = number_text(Fraction(number))
    assert Fraction(text) == Fraction(number)
    assert "." not in text or not text.endswith(("0", "."))


def test_digits_that_never_end_have_no_text():
    assert number_text(Fraction(1, 3)) is None
    assert [significant_digits(Fraction(text)) for text in ("0.0125", "1200", "0", "-7.50")] == [3, 2, 1, 2]


def test_the_context_of_decimals_changes_nothing():
    before = value("exp(1.5, 9)"), value("sqrt(7, 9)")
    context = getcontext()
    precision = context.prec
    try:
        context.prec = 3
        assert (value("exp(1.5, 9)"), value("sqrt(7, 9)")) == before
    finally:
        context.prec = precision
    assert before[0] == Fraction(Decimal("4.481689070"))


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("", 1, "a value is missing"),
        ("n +", 4, "a value is missing"),
        ("n + * m", 5, "a value is missing before “*”"),
        ("n m", 3, "“m” was not expected here"),
        ("(n", 3, "“)” is missing"),
        ("[n, m", 6, "“,” is missing"),
        ("n = 3", 3, "“=” is not part of this language"),
        ("k + 1", 1, "“k” is not a value of this question"),
        ("n / (m - 2)", 3, "this divides by 0"),
        ("0 ** -1", 3, "this divides by 0"),
        ("n % 0", 3, "this divides by 0"),
        ("2 ** 0.5", 3, "an exponent must be a whole number"),
        ("w[2]", 3, "there is no entry 2: 2 entries count from 0"),
        ("n[0]", 3, "a number has no entries"),
        ("w * w", 3, "dot(a, b) multiplies vectors and matrices"),
        ("f + 1", 3, "needs a number, not a text"),
        ("n < f", 3, "a number cannot be compared with a text"),
        ("not n", 5, "needs a truth value"),
        ("n and m > 0", 1, "needs a truth value"),
        ("sqrt(2)", 1, "no exact square root"),
        ("sqrt(0 - 1)", 1, "a negative number has no square root"),
        ("log(0, 2)", 1, "only a positive number has a logarithm"),
        ("exp(1)", 1, "exp is used as exp(x, 3)"),
        ("exp(101, 2)", 1, "from -100 to 100"),
        ("round(n, 13)", 1, "a whole number from 0 to 12"),
        ("dot(x, [1, 2, 3])", 1, "2 entries cannot be multiplied by 3"),
        ("transpose(x)", 1, "needs a matrix, not a vector"),
        ("max", 1, "“max” is a function: write max(…)"),
        ("max()", 1, "max is used as max(a, b, …)"),
    ],
)
def test_a_fault_names_its_character(text, at, words):
    error = fault(text)
    assert words in error.message
    assert error.at == at


HOSTILE = [
    "9**9**9",
    "9**9**9**9**9",
    "(9**60)**60",
    "0.1**99999999999",
    "10**61 * 10**61",
    "product(" + ", ".join(["9**50"] * 20) + ")",
    "1e99 * 1e99",
    "9" * 41,
    "(" * (DEEPEST + 1) + "1" + ")" * (DEEPEST + 1),
    "[" * 200 + "]" * 200,
    "-" * 300 + "1",
    "not " * 100 + "true",
    "2" + "**2" * 100,
    "1 if true else " * 25 + "1",
    "1" + "+1" * LONGEST,
    "[" + ",".join(["w"] * 120) + "]",
    "n.real",
    "n.__class__",
    "().__class__.__bases__",
    "__import__('os')",
    "_n",
    "n__m",
    "n_",
    "open('x')",
    "eval('1')",
    "getattr(n, 'real')",
    "lambda: 1",
    "[i for i in x]",
    "{1: 2}",
    "x[0:1]",
    "n := 3",
    "f'{n}'",
    "'a' * 9",
    "n if m",
    "import os",
    "1;2",
    "n\\m",
    "n@m",
    "n & m",
    "n << m",
    "~n",
    "max(*x)",
    "round(n, ndigits=2)",
    "\uff11 + 1",
    "n\u00b2",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_or_foreign_is_refused(text):
    assert fault(text).message


@pytest.mark.parametrize("text", ["[" + ",".join(["x"] * 150) + "]", "1" + "+1" * 249, "x" + "+x" * 200])
def test_the_largest_expressions_take_a_bounded_number_of_steps(text):
    evaluation = Evaluation(NAMES)
    evaluation.of(parse_expression(text))
    assert evaluation.work <= MOST_WORK


def test_work_adds_up_over_the_expressions_of_a_variant():
    evaluation = Evaluation({"w": tuple(tuple(map(Fraction, range(20))) for _ in range(20))})
    expression = parse_expression("w + w + w")
    assert [evaluation.of(expression)[0][1] for _ in range(2)] == [3, 3]
    evaluation.work = MOST_WORK - 5
    with pytest.raises(ExpressionFault, match="too many steps"):
        evaluation.of(expression)
    assert evaluation.work <= MOST_WORK + 1


@settings(max_examples=300)
@given(st.text(max_size=60) | st.text(alphabet="nmwxf0123456789.+-*/%()[]<>=!, andorif'", max_size=60))
def test_any_text_is_a_value_or_a_fault(text):
    positions = []
    try:
        value(text)
    except ExpressionFault as error:
        positions.append(error.at)
    assert all(0 <= at <= len(text) + 1 for at in positions)


def test_nothing_is_given_to_python_to_run():
    for module in ("expressions", "evaluating", "functions", "values", "drawing", "filling", "templates", "banks"):
        source = ast.parse((ROOT / "questions" / "variants" / f"{module}.py").read_text())
        called = {ast.unparse(node.func) for node in ast.walk(source) if isinstance(node, ast.Call)}
        assert not called & {"eval", "exec", "compile", "__import__", "ast.parse", "setattr"}


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("n * m + n", 2),
        ("n * 1 + 0", 0),
        ("n * 0 + m", 0),
        ("-n", 0),
        ("dot(x, x)", 2),
        ("dot(w, x)", 4),
        ("sum(1, 2, 3)", 2),
        ("n if n > m else n * m", 0),
    ],
)
def test_effort_counts_what_takes_work_by_hand(text, steps):
    evaluation = Evaluation(NAMES)
    evaluation.of(parse_expression(text))
    assert evaluation.steps == steps
