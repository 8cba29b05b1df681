"""What pages show of a response and a key: rows with a tone, in words as well as in colour."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal

from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from course.rules.refusals import Refusal

type Tone = Literal["good", "bad", ""]

ICONS: dict[Tone, str] = {"good": "check", "bad": "cross", "": "ring"}


@dataclass(frozen=True)
class Row:
    """One line of a result. `html` is rendered, `text` plain; either says what the line is about.

    `place` numbers it, `match` is what was matched with it, `instead` the right match.
    """

    html: str = ""
    text: str = ""
    place: int | None = None
    match: str = ""
    instead: str = ""
    why: str = ""
    tone: Tone = ""
    words: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.tone]


def verdict(*, is_given: bool, is_right: bool | None) -> tuple[Tone, str]:
    """Tone and words; `is_right` is None while the key is not shown."""
    if is_right is None:
        return "", _("Your answer") if is_given else ""
    if is_given:
        return ("good", _("Your answer, right")) if is_right else ("bad", _("Your answer, wrong"))
    return ("good", _("Right answer")) if is_right else ("", "")


def scalar_rows(given: str | None, right: str | None, is_right: bool | None) -> list[Row]:
    """The rows of a single value: what was given, and what is right if that is something else."""
    tone, words = verdict(is_given=given is not None, is_right=is_right)
    rows = [Row(text=given, tone=tone, words=words)] if given is not None else [Row(text=_("No answer"))]
    if right is not None and not is_right:
        rows.append(Row(text=right, tone="good", words=_("Right answer")))
    return rows


def understood(parse: Callable[[object, dict[str, Any]], Any], raw: object, body: dict[str, Any]) -> Any:
    """The canonical response, None for a draft that is blank or cannot be read."""
    try:
        return parse(raw, body)
    except Refusal:
        return None


def words(html: str) -> str:
    """Rendered text without its markup, for places that hold plain text only."""
    return " ".join(unescape(strip_tags(html)).split())


def listed(htmls: Iterable[str]) -> str:
    return "; ".join(words(html) for html in htmls) or _("no answer")


def by_id(items: list[dict[str, Any]]) -> dict[str, str]:
    return {item["id"]: item["html"] for item in items}


def shared(items: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Items as the API shows them."""
    return [{"id": item["id"], "html": item["html"]} for item in items]


def sole(post: QueryDict, name: str) -> Any:
    """A field's text; None if it is missing or empty, all its values if it was sent twice."""
    values = post.getlist(name)
    return (values[0] or None) if len(values) == 1 else values or None


def fields_of(post: QueryDict, name: str) -> dict[str, Any]:
    """The fields "<name>-<row id>" by row id, None where empty."""
    prefix = f"{name}-"
    return {field.removeprefix(prefix): sole(post, field) for field in post if field.startswith(prefix)}
