"""What an import would do, item by item."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from exchange.rules.items import ItemOutcome
from exchange.rules.reasons import Reason


@dataclass(frozen=True)
class ReportedItem:
    """What becomes of one item. `question` is what it would be in a course, empty for a refused one."""

    number: int
    kind: str
    ident: str
    name: str
    outcome: ItemOutcome
    reasons: tuple[Reason, ...]
    source: str
    question: Mapping[str, object] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.name or self.ident or str(self.question.get("prompt", "")) or self.source


@dataclass(frozen=True)
class ImportReport:
    """The items of a file in order.

    `total` is how many items the file has, `copies` how many of them it says a second time. Each other item has an outcome.
    """

    format: str
    title: str
    total: int
    copies: int
    items: tuple[ReportedItem, ...]

    def __post_init__(self) -> None:
        if sum(self.counts.values()) + self.copies != self.total:
            raise AssertionError(f"{self.total} items are in the file, and {len(self.items)} are reported")
        if [item.number for item in self.items] != list(range(1, len(self.items) + 1)):
            raise AssertionError("every item has one number")

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of items by outcome."""
        counter = Counter(item.outcome for item in self.items)
        return {outcome.value: counter[outcome] for outcome in ItemOutcome}

    def reasons(self, outcome: ItemOutcome) -> list[tuple[str, int]]:
        """Return the codes of reasons with how many items have each, the most frequent first."""
        counter = Counter(
            code for item in self.items if item.outcome is outcome for code in {r.code for r in item.reasons}
        )
        return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))

    def as_data(self) -> dict[str, object]:
        """Return the report as values of JSON."""
        return {
            "format": self.format,
            "title": self.title,
            "stored": False,
            "total": self.total,
            "copies": self.copies,
            "counts": self.counts,
            "items": [_item_as_data(item) for item in self.items],
        }


def _item_as_data(item: ReportedItem) -> dict[str, object]:
    return {
        "number": item.number,
        "kind": item.kind,
        "id": item.ident,
        "name": item.name,
        "outcome": item.outcome.value,
        "reasons": [{"code": reason.code, "words": reason.words} for reason in item.reasons],
        "source": item.source,
        "question": dict(item.question),
        "pictures": list(item.pictures),
    }
