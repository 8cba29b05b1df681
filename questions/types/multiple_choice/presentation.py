"""Multiple-choice questions on pages and in the API."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from questions.types.multiple_choice.marking import parse
from questions.types.option_rows import (
    arrange_options,
    describe_chosen,
    describe_right,
    option_card,
    options_for_api,
)
from questions.types.options import OptionsBody, OptionsKey
from questions.types.rows import movable, no_mistake, no_near_miss, parse_or_none

LABEL = gettext_lazy("Multiple choice")
UNREADABLE = gettext_lazy("Saved, but not a selection of the options")
options, describe_key, arranged, moves = options_for_api, describe_right, arrange_options, movable
likely_mistake, why_wrong = no_mistake, no_near_miss


def from_form(post: QueryDict, name: str) -> object:
    return post.getlist(name) or None


def context(body: OptionsBody, response: object, key: OptionsKey | None) -> dict[str, object]:
    return option_card(body, _chosen_options(body, response), key)


def describe(body: OptionsBody, response: object) -> str:
    return describe_chosen(body, _chosen_options(body, response))


def _chosen_options(body: OptionsBody, response: object) -> set[str]:
    given = parse_or_none(parse, response, body)
    return set(given or ())
