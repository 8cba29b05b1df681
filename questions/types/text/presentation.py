"""Short-text questions on pages and in the API."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.types.rows import (
    as_written,
    no_mistake,
    no_near_miss,
    no_options,
    parse_or_none,
    scalar_rows,
    single_value,
    whole,
)
from questions.types.text.marking import MAX_LENGTH, TextBody, TextKey, is_right, parse

LABEL = gettext_lazy("Short text")
UNREADABLE = gettext_lazy("Saved, but empty or too long")
from_form, options, likely_mistake, why_wrong = single_value, no_options, no_mistake, no_near_miss
arranged, moves = as_written, whole


def context(body: TextBody, response: object, key: TextKey | None) -> dict[str, object]:
    given = parse_or_none(parse, response, body)
    return {
        "value": response if isinstance(response, str) else "",
        "max_length": MAX_LENGTH,
        "is_case_exact": body["is_case_exact"],
        "rows": scalar_rows(
            given,
            None if key is None else describe_key(body, key),
            None if key is None else given is not None and is_right(given, key),
        ),
    }


def describe(body: TextBody, response: object) -> str:
    given: str | None = parse_or_none(parse, response, body)
    return _("no response") if given is None else given


def describe_key(body: TextBody, key: TextKey) -> str:
    return _(" or ").join(key["answers"])
