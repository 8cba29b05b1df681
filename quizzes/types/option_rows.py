"""Options as pages show them, as single and multiple choice share them."""

from typing import Any

from quizzes.types.rows import Row, by_id, listed, verdict


def option_card(body: dict[str, Any], chosen: set[str], key: dict[str, Any] | None) -> dict[str, Any]:
    """`options` for the controls, `rows` for the result."""
    return {
        "options": [{**option, "is_chosen": option["id"] in chosen} for option in body["options"]],
        "rows": [_row(option, option["id"] in chosen, key) for option in body["options"]],
    }


def described(body: dict[str, Any], chosen: set[str]) -> str:
    return listed(html for option_id, html in by_id(body["options"]).items() if option_id in chosen)


def _row(option: dict[str, str], is_given: bool, key: dict[str, Any] | None) -> Row:
    is_right = None if key is None else option["id"] in key["right"]
    tone, words = verdict(is_given=is_given, is_right=is_right)
    why = "" if key is None else key["whys"].get(option["id"], "")
    return Row(html=option["html"], tone=tone, words=words, why=why)
