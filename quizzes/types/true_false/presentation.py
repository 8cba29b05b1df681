"""True or false on pages and in the API."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.types.rows import Row, sole, understood, verdict
from quizzes.types.true_false.marking import parse

LABEL = gettext_lazy("True or false")
VALUES = {"true": True, "false": False}


def from_form(post: QueryDict, name: str) -> Any:
    raw = sole(post, name)
    return VALUES.get(raw, raw) if isinstance(raw, str) else raw


def context(body: dict[str, Any], response: Any, key: dict[str, Any] | None) -> dict[str, Any]:
    given = understood(parse, response, body)
    return {
        "choices": [
            {"value": name, "text": _word(value), "is_chosen": given is value} for name, value in VALUES.items()
        ],
        "rows": [_row(value, given, key) for value in VALUES.values()],
    }


def options(body: dict[str, Any]) -> list[Any]:
    return []


def describe(body: dict[str, Any], response: Any) -> str:
    given = understood(parse, response, body)
    return _("no answer") if given is None else _word(given)


def describe_key(body: dict[str, Any], key: dict[str, Any]) -> str:
    return _word(key["answer"])


def _word(value: bool) -> str:
    return _("True") if value else _("False")


def _row(value: bool, given: bool | None, key: dict[str, Any] | None) -> Row:
    is_right = None if key is None else value is key["answer"]
    tone, words = verdict(is_given=given is value, is_right=is_right)
    return Row(text=_word(value), tone=tone, words=words)
