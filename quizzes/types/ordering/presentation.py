"""Ordering on pages and in the API."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.types.ordering.marking import parse
from quizzes.types.rows import Row, Tone, by_id, fields_of, listed, shared, understood

LABEL = gettext_lazy("Ordering")


def from_form(post: QueryDict, name: str) -> Any:
    """The ids in order; while places are missing or doubled, a mapping of id to place."""
    places = fields_of(post, name)
    given = {item: place for item, place in places.items() if place is not None}
    order = {str(place): item for item, place in given.items()}
    numbers = [str(number) for number in range(1, len(places) + 1)]
    if given and all(number in order for number in numbers):
        return [order[number] for number in numbers]
    return given or None


def context(body: dict[str, Any], response: Any, key: dict[str, Any] | None) -> dict[str, Any]:
    """`items` stand in the order that was given; `place` is None where none is chosen."""
    places = _places(body, response)
    last = len(places) + len(body["items"])
    numbers = range(1, len(body["items"]) + 1)
    items = sorted(body["items"], key=lambda item: places.get(item["id"]) or last)
    return {
        "items": [
            {
                **item,
                "place": places.get(item["id"]),
                "choices": [{"place": n, "is_chosen": n == places.get(item["id"])} for n in numbers],
            }
            for item in items
        ],
        "rows": _rows(body, understood(parse, response, body), key),
    }


def options(body: dict[str, Any]) -> list[dict[str, str]]:
    return shared(body["items"])


def describe(body: dict[str, Any], response: Any) -> str:
    return _ordered(body, understood(parse, response, body) or [])


def describe_key(body: dict[str, Any], key: dict[str, Any]) -> str:
    return _ordered(body, key["right"])


def _places(body: dict[str, Any], response: Any) -> dict[str, int]:
    """The place of each item that has one, of a whole response or of a form half filled in."""
    order = understood(parse, response, body)
    if order is not None:
        return {item: place for place, item in enumerate(order, 1)}
    if not isinstance(response, dict):
        return {}
    numbers = {str(place): place for place in range(1, len(body["items"]) + 1)}
    known = by_id(body["items"])
    return {item: numbers[str(place)] for item, place in response.items() if item in known and str(place) in numbers}


def _rows(body: dict[str, Any], order: list[str] | None, key: dict[str, Any] | None) -> list[Row]:
    htmls = by_id(body["items"])
    if order is None:
        right = [] if key is None else key["right"]
        placed = [
            Row(html=htmls[item], place=place, tone="good", words=_("Right place"))
            for place, item in enumerate(right, 1)
        ]
        return [Row(text=_("No answer")), *placed]
    return [_row(htmls[item], item, place, key) for place, item in enumerate(order, 1)]


def _row(html: str, item: str, place: int, key: dict[str, Any] | None) -> Row:
    if key is None:
        return Row(html=html, place=place)
    right = key["right"].index(item) + 1
    tone: Tone = "good" if right == place else "bad"
    words = _("Right place") if right == place else _("Belongs at %(place)d") % {"place": right}
    return Row(html=html, place=place, tone=tone, words=words)


def _ordered(body: dict[str, Any], order: list[str]) -> str:
    htmls = by_id(body["items"])
    return listed(f"{place}. {htmls[item]}" for place, item in enumerate(order, 1))
