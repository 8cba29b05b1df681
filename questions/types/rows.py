"""The rows that pages show for a response and a key: words as well as color."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from typing import Literal

from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from questions.refusals import Refusal
from questions.rules.shuffling import Shuffle
from questions.types.authored import BodyItem

type Tone = Literal["good", "bad", ""]

ICONS: dict[Tone, str] = {"good": "check", "bad": "cross", "": "ring"}


@dataclass(frozen=True)
class ResultRow:
    """One line of a result, described by `html` (rendered) or `text` (plain).

    `position` is its number, `match` what the learner matched with it, `instead` the correct match.
    """

    html: str = ""
    text: str = ""
    position: int | None = None
    match: str = ""
    instead: str = ""
    why: str = ""
    tone: Tone = ""
    words: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.tone]

    @property
    def words_for_staff(self) -> str:
        """Return the words as an instructor reads them, who looks at somebody else's response."""
        theirs = {
            _("Your response"): _("Learner’s response"),
            _("Your response, correct"): _("Learner’s response, correct"),
            _("Your response, incorrect"): _("Learner’s response, incorrect"),
        }
        return theirs.get(self.words, self.words)


def verdict(*, is_given: bool, is_right: bool | None) -> tuple[Tone, str]:
    """Return tone and words; `is_right` is None while the key is hidden."""
    if is_right is None:
        return "", _("Your response") if is_given else ""
    if is_given:
        return ("good", _("Your response, correct")) if is_right else ("bad", _("Your response, incorrect"))
    return ("good", _("Correct answer")) if is_right else ("", "")


def scalar_rows(given: str | None, right: str | None, is_right: bool | None, why: str = "") -> list[ResultRow]:
    """Return the rows of a single value: the response with the reason, and the correct answer if the response is wrong."""
    tone, words = verdict(is_given=given is not None, is_right=is_right)
    rows = (
        [ResultRow(text=given, tone=tone, words=words, why=why)]
        if given is not None
        else [ResultRow(text=_("No response"))]
    )
    if right is not None and not is_right:
        rows.append(ResultRow(text=right, tone="good", words=_("Correct answer")))
    return rows


def parse_or_none[Body, Response](
    parse: Callable[[object, Body], Response], raw: object, body: Body
) -> Response | None:
    """Return the canonical response, or None for a draft that is blank or unreadable."""
    try:
        return parse(raw, body)
    except Refusal:
        return None


def text_without_markup(html: str) -> str:
    """Return rendered text without its markup, for places that hold plain text only."""
    return " ".join(unescape(strip_tags(html)).split())


def no_mistake(body: object, key: object, described: str) -> str:
    """Return nothing: a wrong response of this type does not show how somebody came to it."""
    return ""


def no_near_miss(response: object, key: object, *, is_open: bool) -> str:
    """Return nothing: authors name no wrong values of this type."""
    return ""


def no_options(body: object) -> list[object]:
    """Return nothing: the learner writes the response and chooses from no list."""
    return []


def as_written[Body](body: Body, key: object, shuffle: Shuffle) -> Body:
    """Return the body as it is: nothing of it has an order that may change."""
    return body


def whole(body: object) -> bool:
    """Return that parts of the type's controls do not move."""
    return False


def movable(body: object) -> bool:
    """Return that the type's controls mark everything that is shuffled as movable."""
    return True


def shuffled(items: Iterable[BodyItem], shuffle: Shuffle, salt: str = "") -> list[BodyItem]:
    """Return items in the order in which a learner sees them."""
    known = {item["id"]: item for item in items}
    last = [item_id for item_id, item in known.items() if item.get("last")]
    return [known[item_id] for item_id in shuffle.order(list(known), last=last, salt=salt)]


def join_texts(htmls: Iterable[str]) -> str:
    return "; ".join(text_without_markup(html) for html in htmls) or _("no response")


def by_id(items: Iterable[BodyItem]) -> dict[str, str]:
    return {item["id"]: item["html"] for item in items}


def items_for_api(items: Iterable[BodyItem]) -> list[dict[str, str]]:
    """Return items in the form that the API shows."""
    return [{"id": item["id"], "html": item["html"]} for item in items]


def single_value(post: QueryDict, name: str) -> str | list[str] | None:
    """Return a field's text: None if it is missing or empty, all its values if it was sent twice."""
    values = post.getlist(name)
    return (values[0] or None) if len(values) == 1 else values or None


def row_fields(post: QueryDict, name: str) -> dict[str, object]:
    """Return the fields "<name>-<row id>" by row id; an empty field is None."""
    prefix = f"{name}-"
    return {field.removeprefix(prefix): single_value(post, field) for field in post if field.startswith(prefix)}
