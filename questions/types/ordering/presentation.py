"""Ordering questions on pages and in the API."""

from itertools import count

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.rules.shuffling import Shuffle
from questions.types.ordering.marking import OrderingBody, OrderingKey, parse
from questions.types.rows import (
    ResultRow,
    Tone,
    by_id,
    items_for_api,
    join_texts,
    movable,
    no_mistake,
    no_near_miss,
    parse_or_none,
    row_fields,
    shuffled,
)

LABEL = gettext_lazy("Ordering")
UNREADABLE = gettext_lazy("Saved, but not every item has its own position")
likely_mistake, why_wrong = no_mistake, no_near_miss


def from_form(post: QueryDict, name: str) -> object:
    """Return the ids in order, or a mapping of id to position while positions are missing or repeated."""
    positions = row_fields(post, name)
    given = {item: position for item, position in positions.items() if position is not None}
    order = {str(position): item for item, position in given.items()}
    numbers = [str(number) for number in range(1, len(positions) + 1)]
    if given and all(number in order for number in numbers):
        return [order[number] for number in numbers]
    return given or None


def context(body: OrderingBody, response: object, key: OrderingKey | None) -> dict[str, object]:
    """Return the items in the order the learner gave; `position` is None where none is chosen."""
    positions = _given_positions(body, response)
    last = len(positions) + len(body["items"])
    numbers = range(1, len(body["items"]) + 1)
    items = sorted(body["items"], key=lambda item: positions.get(item["id"]) or last)
    return {
        "items": [
            {
                **item,
                "position": positions.get(item["id"]),
                "choices": [{"position": n, "is_chosen": n == positions.get(item["id"])} for n in numbers],
            }
            for item in items
        ],
        "rows": _rows(body, parse_or_none(parse, response, body), key),
    }


def arranged(body: OrderingBody, key: OrderingKey, shuffle: Shuffle) -> OrderingBody:
    """Return the body with the first shuffled order that is not the right one.

    The secret is part of what is shuffled by. Otherwise, learners could compute the order that was skipped, which would
    be the key.
    """
    for turn in count():
        items = shuffled(body["items"], shuffle, f"{turn}\n{shuffle.secret}")
        if [item["id"] for item in items] != key["right"]:
            return {"items": items}
    raise AssertionError("count() does not end")


moves = movable


def options(body: OrderingBody) -> list[dict[str, str]]:
    return items_for_api(body["items"])


def describe(body: OrderingBody, response: object) -> str:
    return _ordered(body, parse_or_none(parse, response, body) or [])


def describe_key(body: OrderingBody, key: OrderingKey) -> str:
    return _ordered(body, key["right"])


def _given_positions(body: OrderingBody, response: object) -> dict[str, int]:
    """Return the position of each item that has one, from a full response or a half-filled form."""
    order = parse_or_none(parse, response, body)
    if order is not None:
        return {item: position for position, item in enumerate(order, 1)}
    if not isinstance(response, dict):
        return {}
    numbers = {str(position): position for position in range(1, len(body["items"]) + 1)}
    known = by_id(body["items"])
    return {
        item: numbers[str(position)]
        for item, position in response.items()
        if item in known and str(position) in numbers
    }


def _rows(body: OrderingBody, order: list[str] | None, key: OrderingKey | None) -> list[ResultRow]:
    htmls = by_id(body["items"])
    if order is None:
        right = [] if key is None else key["right"]
        rows = [
            ResultRow(html=htmls[item], position=position, tone="good", words=_("Correct position"))
            for position, item in enumerate(right, 1)
        ]
        return [ResultRow(text=_("No response")), *rows]
    return [_item_row(htmls[item], item, position, key) for position, item in enumerate(order, 1)]


def _item_row(html: str, item: str, position: int, key: OrderingKey | None) -> ResultRow:
    if key is None:
        return ResultRow(html=html, position=position)
    right = key["right"].index(item) + 1
    tone: Tone = "good" if right == position else "bad"
    words = _("Correct position") if right == position else _("Belongs in position %(place)d") % {"place": right}
    return ResultRow(html=html, position=position, tone=tone, words=words)


def _ordered(body: OrderingBody, order: list[str]) -> str:
    htmls = by_id(body["items"])
    return join_texts(f"{position}. {htmls[item]}" for position, item in enumerate(order, 1))
