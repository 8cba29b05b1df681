"""What a file of another system asks, in words that all formats share: one `SourceItem` for each item of the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from exchange.rules.reasons import Reason


class ItemOutcome(StrEnum):
    """What became of an item."""

    LOSSLESS = "lossless"
    CHANGED = "changed"
    REFUSED = "refused"


class Markup(StrEnum):
    """How a text of another system is written. `MOODLE` is plain text with blank lines, links and maybe HTML."""

    PLAIN = "plain"
    HTML = "html"
    MARKDOWN = "markdown"
    MOODLE = "moodle"


@dataclass(frozen=True)
class Rich:
    """A text of another system."""

    text: str
    markup: Markup = Markup.PLAIN

    def __bool__(self) -> bool:
        return bool(self.text.strip())


NOTHING = Rich("")


@dataclass(frozen=True)
class DraftOption:
    """An option; `is_last` keeps it behind the others."""

    text: Rich
    is_right: bool = False
    why: Rich = NOTHING
    is_last: bool = False


@dataclass(frozen=True)
class DraftMiss:
    """A wrong value with the feedback that the source gives for it."""

    answer: str
    why: Rich


@dataclass
class ItemDraft:
    """A question of one of our types, whose texts are still written as in the source.

    `explanation` are feedback texts that belong to the whole question. `reasons` say what was changed so far.
    """

    type: str
    prompt: Rich
    explanation: list[Rich] = field(default_factory=list)
    points: Decimal = Decimal(1)
    options: list[DraftOption] = field(default_factory=list)
    answer: str | bool = ""
    tolerance: str = "0"
    is_relative: bool = False
    unit: str = ""
    misses: list[DraftMiss] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    is_case_exact: bool = False
    pairs: list[tuple[Rich, Rich]] = field(default_factory=list)
    extra: list[Rich] = field(default_factory=list)
    items: list[Rich] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    def changed(self, code: str, **details: object) -> None:
        """Note a change, once."""
        reason = Reason.of(code, **details)
        if reason not in self.reasons:
            self.reasons.append(reason)


@dataclass(frozen=True)
class SourceItem:
    """One item of a file: its number from 1, the source's word for its type, its own id, name and tags.

    `source` is the item as the file writes it. An item has a `draft`, or a `refusal` with the reason.
    `pictures` are files by the address that its texts use.
    """

    number: int
    kind: str
    source: str
    ident: str = ""
    name: str = ""
    tags: tuple[str, ...] = ()
    draft: ItemDraft | None = None
    refusal: Reason | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceBank:
    """The items of a file in order. `format` is the name of the format, such as “Moodle XML”.

    `total` is how many items the file has, `copies` how many of them are left out because it says them twice.
    """

    format: str
    title: str
    items: tuple[SourceItem, ...]
    total: int
    copies: int = 0
