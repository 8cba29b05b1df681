"""True/False questions on pages and in the API."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.types.rows import (
    ResultRow,
    as_written,
    no_mistake,
    no_near_miss,
    no_options,
    parse_or_none,
    single_value,
    verdict,
    whole,
)
from questions.types.true_false.marking import TrueFalseKey, parse

LABEL = gettext_lazy("True or false")
UNREADABLE = gettext_lazy("Saved, but neither true nor false")
options, likely_mistake, why_wrong = no_options, no_mistake, no_near_miss
arranged, moves = as_written, whole
VALUES = {"true": True, "false": False}


def from_form(post: QueryDict, name: str) -> object:
    raw = single_value(post, name)
    return VALUES.get(raw, raw) if isinstance(raw, str) else raw


def context(body: object, response: object, key: TrueFalseKey | None) -> dict[str, object]:
    given = parse_or_none(parse, response, body)
    return {
        "choices": [
            {"value": name, "text": _word(value), "is_chosen": given is value} for name, value in VALUES.items()
        ],
        "rows": [_truth_row(value, given, key) for value in VALUES.values()],
    }


def describe(body: object, response: object) -> str:
    given = parse_or_none(parse, response, body)
    return _("no response") if given is None else _word(given)


def describe_key(body: object, key: TrueFalseKey) -> str:
    return _word(key["answer"])


def _word(value: bool) -> str:
    return _("True") if value else _("False")


def _truth_row(value: bool, given: bool | None, key: TrueFalseKey | None) -> ResultRow:
    is_right = None if key is None else value is key["answer"]
    tone, words = verdict(is_given=given is value, is_right=is_right)
    return ResultRow(text=_word(value), tone=tone, words=words)
