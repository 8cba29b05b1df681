"""Short texts on pages and in the API."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.types.rows import scalar_rows, sole, understood
from quizzes.types.text.marking import MAX_LENGTH, is_right, parse

LABEL = gettext_lazy("Short text")


def from_form(post: QueryDict, name: str) -> Any:
    return sole(post, name)


def context(body: dict[str, Any], response: Any, key: dict[str, Any] | None) -> dict[str, Any]:
    given = understood(parse, response, body)
    return {
        "value": response if isinstance(response, str) else "",
        "max_length": MAX_LENGTH,
        "is_case_exact": body["is_case_exact"],
        "rows": scalar_rows(
            given,
            None if key is None else describe_key(body, key),
            None if key is None else given is not None and is_right(given, key),
        ),
    }


def options(body: dict[str, Any]) -> list[Any]:
    return []


def describe(body: dict[str, Any], response: Any) -> str:
    given: str | None = understood(parse, response, body)
    return _("no answer") if given is None else given


def describe_key(body: dict[str, Any], key: dict[str, Any]) -> str:
    return _(" or ").join(key["answers"])
