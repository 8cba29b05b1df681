"""Numeric questions on pages and in the API."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.types.numeric.marking import is_right, parse
from quizzes.types.rows import scalar_rows, sole, understood

LABEL = gettext_lazy("Number")


def from_form(post: QueryDict, name: str) -> Any:
    return sole(post, name)


def context(body: dict[str, Any], response: Any, key: dict[str, Any] | None) -> dict[str, Any]:
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


def options(body: dict[str, Any]) -> list[Any]:
    return []


def describe(body: dict[str, Any], response: Any) -> str:
    given = understood(parse, response, body)
    return _("no answer") if given is None else _with_unit(body, given)


def describe_key(body: dict[str, Any], key: dict[str, Any]) -> str:
    margin = _tolerance(body)
    answer = _with_unit(body, key["answer"])
    return f"{answer} (± {margin})" if margin else answer


def _tolerance(body: dict[str, Any]) -> str:
    """ "0.01" or "2 %", "" where none is allowed."""
    if not Fraction(body["tolerance"]):
        return ""
    if body["relative"]:
        return f"{parse(str(Decimal(body['tolerance']) * 100), body)} %"
    return str(body["tolerance"])


def _with_unit(body: dict[str, Any], number: str) -> str:
    return f"{number} {body['unit']}".strip()
