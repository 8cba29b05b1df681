"""What an import does, item by item."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from exchange.rules.items import Outcome
from exchange.rules.reasons import Reason


@dataclass(frozen=True)
class ReportedItem:
    """What became of one item. `made` is the question as the course writes it, "" for a refused one.

    `key` is its id in the course. With `is_present`, the course has it already, and nothing is written for it.
    """

    number: int
    kind: str
    ident: str
    name: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    source: str
    made: str = ""
    key: str = ""
    type: str = ""
    is_present: bool = False

    @property
    def title(self) -> str:
        return self.name or self.key or self.ident


@dataclass(frozen=True)
class ImportReport:
    """The items of a file in order. Their outcomes add up to their number."""

    format: str
    title: str
    items: tuple[ReportedItem, ...]

    def __post_init__(self) -> None:
        if sum(self.counts.values()) != len(self.items):
            raise AssertionError("every item has one outcome")

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of items by outcome."""
        found = Counter(item.outcome for item in self.items)
        return {outcome.value: found[outcome] for outcome in Outcome}

    @property
    def present(self) -> int:
        return sum(item.is_present for item in self.items)

    @property
    def new(self) -> int:
        return sum(bool(item.made) and not item.is_present for item in self.items)

    def reasons(self, outcome: Outcome) -> list[tuple[str, int]]:
        """Return the codes of reasons with how many items have each, the most frequent first."""
        found = Counter(code for item in self.items if item.outcome is outcome for code in codes(item.reasons))
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def codes(reasons: Iterable[Reason]) -> set[str]:
    return {reason.code for reason in reasons}
