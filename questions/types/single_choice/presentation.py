"""Single-choice questions on pages and in the API."""

from django.utils.translation import gettext_lazy

from questions.types.option_rows import (
    arrange_options,
    describe_chosen,
    describe_right,
    option_card,
    options_for_api,
)
from questions.types.options import OptionsBody, OptionsKey
from questions.types.rows import movable, no_mistake, no_near_miss, parse_or_none, single_value
from questions.types.single_choice.marking import parse

LABEL = gettext_lazy("Single choice")
UNREADABLE = gettext_lazy("Saved, but not one of the options")
from_form, options, describe_key = single_value, options_for_api, describe_right
arranged, moves = arrange_options, movable
likely_mistake, why_wrong = no_mistake, no_near_miss


def context(body: OptionsBody, response: object, key: OptionsKey | None) -> dict[str, object]:
    return option_card(body, _chosen_option(body, response), key)


def describe(body: OptionsBody, response: object) -> str:
    return describe_chosen(body, _chosen_option(body, response))


def _chosen_option(body: OptionsBody, response: object) -> set[str]:
    given = parse_or_none(parse, response, body)
    return set() if given is None else {given}
