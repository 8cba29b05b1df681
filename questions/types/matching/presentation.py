"""Matching questions on pages and in the API."""

import re
from string import ascii_uppercase

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.rules.shuffling import Shuffle
from questions.types.authored import BodyItem
from questions.types.matching.marking import MatchingBody, MatchingKey
from questions.types.rows import (
    ResultRow,
    Tone,
    by_id,
    items_for_api,
    no_mistake,
    no_near_miss,
    row_fields,
    shuffled,
    text_without_markup,
)

LABEL = gettext_lazy("Matching")
UNREADABLE = gettext_lazy("Saved, but not every row has a match")
LABEL_OF_PROMPT = re.compile(r"[A-Z]|\d+")  # of a row of its table, or of a part of its figure
likely_mistake, why_wrong = no_mistake, no_near_miss


def from_form(post: QueryDict, name: str) -> object:
    return {row: right for row, right in row_fields(post, name).items() if right} or None


def context(body: MatchingBody, response: object, key: MatchingKey | None) -> dict[str, object]:
    """Return the card; `rich` lists the right column with letters if a select cannot show its markup."""
    chosen = _chosen_pairs(body, response)
    is_rich = not moves(body)
    letters = dict(zip(by_id(body["right"]), ascii_uppercase, strict=False)) if is_rich else {}
    return {
        "rich": [{**item, "letter": letters.get(item["id"], "")} for item in body["right"]] if is_rich else [],
        "left": [
            {**row, "choices": [_choice(right, letters, chosen.get(row["id"])) for right in body["right"]]}
            for row in body["left"]
        ],
        "rows": [_pair_row(body, row, chosen.get(row["id"]), key) for row in body["left"]],
    }


def arranged(body: MatchingBody, key: MatchingKey, shuffle: Shuffle) -> MatchingBody:
    """Return the body with both columns in a learner's order. Letters and numbers on the left stay in order."""
    are_labels = all(LABEL_OF_PROMPT.fullmatch(row.get("source", "")) for row in body["left"])
    left = body["left"] if are_labels else shuffled(body["left"], shuffle)
    return {"left": left, "right": shuffled(body["right"], shuffle)}


def moves(body: MatchingBody) -> bool:
    """Return False if the right column has markup: it then has letters, which follow from the order."""
    return not any("<" in item["html"] for item in body["right"])


def options(body: MatchingBody) -> dict[str, list[dict[str, str]]]:
    return {"left": items_for_api(body["left"]), "right": items_for_api(body["right"])}


def describe(body: MatchingBody, response: object) -> str:
    return _pairs_in_words(body, _chosen_pairs(body, response))


def describe_key(body: MatchingBody, key: MatchingKey) -> str:
    return _pairs_in_words(body, key["right"])


def _chosen_pairs(body: MatchingBody, response: object) -> dict[str, str]:
    """Return the readable pairs; a draft may hold only some rows."""
    if not isinstance(response, dict):
        return {}
    known = by_id(body["right"])
    left = by_id(body["left"])
    return {row: right for row, right in response.items() if row in left and isinstance(right, str) and right in known}


def _choice(right: BodyItem, letters: dict[str, str], chosen: str | None) -> dict[str, object]:
    letter = letters.get(right["id"])
    text = text_without_markup(right["html"])
    return {
        "id": right["id"],
        "text": f"{letter}: {text}" if letter else text,
        "is_chosen": right["id"] == chosen,
    }


def _pair_row(body: MatchingBody, row: BodyItem, chosen: str | None, key: MatchingKey | None) -> ResultRow:
    rights = by_id(body["right"])
    match = rights[chosen] if chosen else _("no match")
    if key is None:
        return ResultRow(html=row["html"], match=match)
    right = key["right"][row["id"]]
    if chosen == right:
        return ResultRow(html=row["html"], match=match, tone="good", words=_("Correct"))
    tone: Tone = "bad" if chosen else ""
    return ResultRow(
        html=row["html"], match=match, tone=tone, words=_("Incorrect") if chosen else "", instead=rights[right]
    )


def _pairs_in_words(body: MatchingBody, chosen: dict[str, str]) -> str:
    rights = by_id(body["right"])
    pairs = [
        f"{text_without_markup(row['html'])} → {text_without_markup(rights[chosen[row['id']]])}"
        for row in body["left"]
        if row["id"] in chosen
    ]
    return "; ".join(pairs) or _("no response")
