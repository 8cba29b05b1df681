"""Ordering questions on pages and in the API."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.types.ordering.marking import OrderingBody, OrderingKey, parse
from quizzes.types.rows import ResultRow, Tone, by_id, listed, no_mistake, no_near_miss, row_fields, shared, understood

LABEL = gettext_lazy("Ordering")
likely_mistake, why_wrong = no_mistake, no_near_miss


def from_form(post: QueryDict, name: str) -> object:
    """Return the ids in order, or a mapping of id to place while places are missing or repeated."""
    places = row_fields(post, name)
    given = {item: place for item, place in places.items() if place is not None}
    order = {str(place): item for item, place in given.items()}
    numbers = [str(number) for number in range(1, len(places) + 1)]
    if given and all(number in order for number in numbers):
        return [order[number] for number in numbers]
    return given or None


def context(body: OrderingBody, response: object, key: OrderingKey | None) -> dict[str, object]:
    """Return the items in the order the learner gave; `place` is None where no position is chosen."""
    places = _given_positions(body, response)
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


def options(body: OrderingBody) -> list[dict[str, str]]:
    return shared(body["items"])


def describe(body: OrderingBody, response: object) -> str:
    return _ordered(body, understood(parse, response, body) or [])


def describe_key(body: OrderingBody, key: OrderingKey) -> str:
    return _ordered(body, key["right"])


def _given_positions(body: OrderingBody, response: object) -> dict[str, int]:
    """Return the place of each item that has one, from a full response or a half-filled form."""
    order = understood(parse, response, body)
    if order is not None:
        return {item: place for place, item in enumerate(order, 1)}
    if not isinstance(response, dict):
        return {}
    numbers = {str(place): place for place in range(1, len(body["items"]) + 1)}
    known = by_id(body["items"])
    return {item: numbers[str(place)] for item, place in response.items() if item in known and str(place) in numbers}


def _rows(body: OrderingBody, order: list[str] | None, key: OrderingKey | None) -> list[ResultRow]:
    htmls = by_id(body["items"])
    if order is None:
        right = [] if key is None else key["right"]
        placed = [
            ResultRow(html=htmls[item], place=place, tone="good", words=_("Correct position"))
            for place, item in enumerate(right, 1)
        ]
        return [ResultRow(text=_("No response")), *placed]
    return [_item_row(htmls[item], item, place, key) for place, item in enumerate(order, 1)]


def _item_row(html: str, item: str, place: int, key: OrderingKey | None) -> ResultRow:
    if key is None:
        return ResultRow(html=html, place=place)
    right = key["right"].index(item) + 1
    tone: Tone = "good" if right == place else "bad"
    words = _("Correct position") if right == place else _("Belongs in position %(place)d") % {"place": right}
    return ResultRow(html=html, place=place, tone=tone, words=words)


def _ordered(body: OrderingBody, order: list[str]) -> str:
    htmls = by_id(body["items"])
    return listed(f"{place}. {htmls[item]}" for place, item in enumerate(order, 1))
