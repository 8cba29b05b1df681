"""Single choice on pages and in the API."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from quizzes.types.option_rows import described, option_card
from quizzes.types.rows import shared, sole, understood
from quizzes.types.single_choice.marking import parse

LABEL = gettext_lazy("Single choice")


def from_form(post: QueryDict, name: str) -> Any:
    return sole(post, name)


def context(body: dict[str, Any], response: Any, key: dict[str, Any] | None) -> dict[str, Any]:
    return option_card(body, _chosen(body, response), key)


def options(body: dict[str, Any]) -> list[dict[str, str]]:
    return shared(body["options"])


def describe(body: dict[str, Any], response: Any) -> str:
    return described(body, _chosen(body, response))


def describe_key(body: dict[str, Any], key: dict[str, Any]) -> str:
    return described(body, set(key["right"]))


def _chosen(body: dict[str, Any], response: Any) -> set[str]:
    given = understood(parse, response, body)
    return set() if given is None else {given}
