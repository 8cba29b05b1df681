"""Numeric questions on pages and in the API."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.types.numeric.marking import NumericBody, NumericKey, is_right, parse
from quizzes.types.rows import no_options, scalar_rows, sole, understood

LABEL = gettext_lazy("Number")
from_form, options = sole, no_options


def context(body: NumericBody, response: object, key: NumericKey | None) -> dict[str, object]:
    given = understood(parse, response, body)
    return {
        "value": response if isinstance(response, str) else "",
        "unit": body["unit"],
        "tolerance": _tolerance(body),
        "rows": scalar_rows(
            None if given is None else _with_unit(body, given),
            None if key is None else _with_unit(body, key["answer"]),
            None if key is None else given is not None and is_right(given, key),
        ),
    }


def describe(body: NumericBody, response: object) -> str:
    given = understood(parse, response, body)
    return _("no response") if given is None else _with_unit(body, given)


def describe_key(body: NumericBody, key: NumericKey) -> str:
    margin = _tolerance(body)
    answer = _with_unit(body, key["answer"])
    return f"{answer} (± {margin})" if margin else answer


def _tolerance(body: NumericBody) -> str:
    """Return "0.01" or "2 %", or "" if the response must be exact."""
    if not Fraction(body["tolerance"]):
        return ""
    if body["relative"]:
        return f"{parse(str(Decimal(body['tolerance']) * 100), body)} %"
    return str(body["tolerance"])


def _with_unit(body: NumericBody, number: str) -> str:
    return f"{number} {body['unit']}".strip()
