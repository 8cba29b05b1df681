"""Numeric questions on pages and in the API."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from operator import mul

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.types.near_misses import near_miss, says_no_number
from questions.types.numeric.marking import NumericBody, NumericKey, is_right, parse
from questions.types.rows import as_written, no_options, parse_or_none, scalar_rows, single_value, whole

LABEL = gettext_lazy("Number")
UNREADABLE = gettext_lazy("Saved, but not a number")
from_form, options = single_value, no_options
arranged, moves = as_written, whole
LIKELY: tuple[tuple[object, Callable[[Fraction], Fraction]], ...] = (  # what somebody answers instead of the number
    (gettext_lazy("the key with the opposite sign"), lambda right: -right),
    (gettext_lazy("half the key"), lambda right: right / 2),
    (gettext_lazy("twice the key"), lambda right: right * 2),
    (gettext_lazy("a tenth of the key"), lambda right: right / 10),
    (gettext_lazy("ten times the key"), lambda right: right * 10),
    (gettext_lazy("a hundredth of the key"), lambda right: right / 100),
    (gettext_lazy("a hundred times the key"), lambda right: right * 100),
    (gettext_lazy("the key minus 1"), lambda right: right - 1),
    (gettext_lazy("the key plus 1"), lambda right: right + 1),
    (gettext_lazy("1 minus the key"), lambda right: 1 - right),
    (gettext_lazy("1 divided by the key"), lambda right: 1 / right),
    (gettext_lazy("the square of the key"), lambda right: right**2),
)
STEPS: tuple[Callable[[Fraction], Fraction], ...] = (  # what somebody tries after a wrong number that is explained
    *(partial(mul, factor) for number in (2, 3, 4, 10, 100) for factor in (Fraction(number), Fraction(1, number))),
    lambda number: -number,
    lambda number: number + 1,
    lambda number: number - 1,
    lambda number: 1 - number,
    lambda number: number**2,
    lambda number: 1 / number if number else number,
    lambda number: Fraction((Decimal(abs(number.numerator)) / number.denominator).sqrt()),
)


def context(body: NumericBody, response: object, key: NumericKey | None) -> dict[str, object]:
    given = parse_or_none(parse, response, body)
    return {
        "value": response if isinstance(response, str) else "",
        "unit": body["unit"],
        "tolerance": _tolerance(body),
        "rows": scalar_rows(
            None if given is None else _with_unit(body, given),
            None if key is None else _with_unit(body, key["answer"]),
            None if key is None else given is not None and is_right(given, key),
            "" if key is None or given is None else why_wrong(given, key, is_open=False),
        ),
    }


def describe(body: NumericBody, response: object) -> str:
    given = parse_or_none(parse, response, body)
    return _("no response") if given is None else _with_unit(body, given)


def describe_key(body: NumericBody, key: NumericKey) -> str:
    margin = _tolerance(body)
    answer = _with_unit(body, key["answer"])
    return f"{answer} (± {margin})" if margin else answer


def likely_mistake(body: NumericBody, key: NumericKey, described: str) -> str:
    """Return what this wrong number is of the right one, such as "half the key": the first of LIKELY that fits."""
    given = parse_or_none(parse, described.removesuffix(body["unit"]), body)
    return "" if given is None or is_right(given, key) else _relation(given, key)


def why_wrong(response: str, key: NumericKey, *, is_open: bool) -> str:
    """Return the author's reason for this wrong number, "" without one.

    While the learner can still try again (`is_open`), also "" where the reason and the number could lead to the key
    without the question: the reason says a number, or the number is one step away from the key, as in LIKELY or STEPS.
    """
    miss = near_miss(response, key, is_right)
    if miss is None or (is_open and (_leads_to_key(miss.value, key) or not says_no_number(miss.html))):
        return ""
    return miss.html


def _leads_to_key(number: str, key: NumericKey) -> bool:
    """Return whether a step from this number is right, or one from the key leads to this number."""
    return bool(_relation(number, key)) or any(is_right(str(step(Fraction(number))), key) for step in STEPS)


def _relation(number: str, key: NumericKey) -> str:
    """Return the first of LIKELY that leads to this number from the key, "" if none does.

    Numbers that the tolerance allows fit as well, in proportion to their size.
    """
    right = Fraction(key["answer"])
    if not right:
        return ""
    share = Fraction(key["tolerance"]) / (1 if key["relative"] else abs(right))
    for words, makes in LIKELY:
        made = makes(right)
        if abs(Fraction(number) - made) <= share * abs(made):
            return str(words)
    return ""


def _tolerance(body: NumericBody) -> str:
    """Return "0.01" or "2 %", or "" if the response must be exact."""
    if not Fraction(body["tolerance"]):
        return ""
    if body["relative"]:
        return f"{parse(str(Decimal(body['tolerance']) * 100), body)} %"
    return str(body["tolerance"])


def _with_unit(body: NumericBody, number: str) -> str:
    return f"{number} {body['unit']}".strip()
