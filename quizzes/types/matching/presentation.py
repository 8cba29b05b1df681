"""Matching on pages and in the API."""

from string import ascii_uppercase
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.types.rows import Row, Tone, by_id, fields_of, shared, words

LABEL = gettext_lazy("Matching")


def from_form(post: QueryDict, name: str) -> Any:
    return {row: right for row, right in fields_of(post, name).items() if right} or None


def context(body: dict[str, Any], response: Any, key: dict[str, Any] | None) -> dict[str, Any]:
    """`rich` lists the right side with letters where a select cannot show its markup."""
    chosen = _chosen(body, response)
    is_rich = any("<" in item["html"] for item in body["right"])
    letters = dict(zip(by_id(body["right"]), ascii_uppercase, strict=False)) if is_rich else {}
    return {
        "rich": [{**item, "letter": letters.get(item["id"], "")} for item in body["right"]] if is_rich else [],
        "left": [
            {**row, "choices": [_choice(right, letters, chosen.get(row["id"])) for right in body["right"]]}
            for row in body["left"]
        ],
        "rows": [_row(body, row, chosen.get(row["id"]), key) for row in body["left"]],
    }


def options(body: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    return {"left": shared(body["left"]), "right": shared(body["right"])}


def describe(body: dict[str, Any], response: Any) -> str:
    return _pairs(body, _chosen(body, response))


def describe_key(body: dict[str, Any], key: dict[str, Any]) -> str:
    return _pairs(body, key["right"])


def _chosen(body: dict[str, Any], response: Any) -> dict[str, str]:
    """The pairs that are understood; a draft may hold some rows only."""
    if not isinstance(response, dict):
        return {}
    known = by_id(body["right"])
    left = by_id(body["left"])
    return {row: right for row, right in response.items() if row in left and isinstance(right, str) and right in known}


def _choice(right: dict[str, str], letters: dict[str, str], chosen: str | None) -> dict[str, Any]:
    letter = letters.get(right["id"])
    text = words(right["html"])
    return {
        "id": right["id"],
        "text": f"{letter}: {text}" if letter else text,
        "is_chosen": right["id"] == chosen,
    }


def _row(body: dict[str, Any], row: dict[str, str], chosen: str | None, key: dict[str, Any] | None) -> Row:
    rights = by_id(body["right"])
    match = rights[chosen] if chosen else _("no match chosen")
    if key is None:
        return Row(html=row["html"], match=match)
    right = key["right"][row["id"]]
    if chosen == right:
        return Row(html=row["html"], match=match, tone="good", words=_("Right"))
    tone: Tone = "bad" if chosen else ""
    return Row(html=row["html"], match=match, tone=tone, words=_("Wrong") if chosen else "", instead=rights[right])


def _pairs(body: dict[str, Any], chosen: dict[str, str]) -> str:
    rights = by_id(body["right"])
    pairs = [
        f"{words(row['html'])} → {words(rights[chosen[row['id']]])}" for row in body["left"] if row["id"] in chosen
    ]
    return "; ".join(pairs) or _("no answer")
