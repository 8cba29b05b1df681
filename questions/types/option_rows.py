"""Options as pages show them, shared by single and multiple choice."""

from questions.rules.shuffling import Shuffle
from questions.types.authored import BodyItem
from questions.types.options import OptionsBody, OptionsKey
from questions.types.rows import ResultRow, by_id, items_for_api, join_texts, shuffled, verdict


def option_card(body: OptionsBody, chosen: set[str], key: OptionsKey | None) -> dict[str, object]:
    """Return `options` for the controls and `rows` for the result."""
    return {
        "options": [{**option, "is_chosen": option["id"] in chosen} for option in body["options"]],
        "rows": [_option_row(option, option["id"] in chosen, key) for option in body["options"]],
    }


def arrange_options(body: OptionsBody, key: object, shuffle: Shuffle) -> OptionsBody:
    """Return the body with its options in a learner's order."""
    return {**body, "options": shuffled(body["options"], shuffle)}


def describe_chosen(body: OptionsBody, chosen: set[str]) -> str:
    return join_texts(html for option_id, html in by_id(body["options"]).items() if option_id in chosen)


def describe_right(body: OptionsBody, key: OptionsKey) -> str:
    """Return the right options in words."""
    return describe_chosen(body, set(key["right"]))


def options_for_api(body: OptionsBody) -> list[dict[str, str]]:
    """Return the options in the form that the API shows."""
    return items_for_api(body["options"])


def _option_row(option: BodyItem, is_given: bool, key: OptionsKey | None) -> ResultRow:
    is_right = None if key is None else option["id"] in key["right"]
    tone, words = verdict(is_given=is_given, is_right=is_right)
    why = "" if key is None else key["whys"].get(option["id"], "")
    return ResultRow(html=option["html"], tone=tone, words=words, why=why)
