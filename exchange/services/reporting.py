"""What an import would do with each item of a file. Nothing is stored."""

import json
from collections.abc import Iterator
from hashlib import sha256

from exchange.formats import read_bank
from exchange.formats.rows import make_question
from exchange.rules.items import ItemOutcome, SourceBank, SourceItem
from exchange.rules.reasons import Reason, UnfitItem
from exchange.rules.report import ImportReport, ReportedItem


def report_import(*, name: str, content: bytes) -> ImportReport:
    """Return what becomes of each item of a file. Raises the refusals of read_bank."""
    bank = read_bank(name, content)
    return ImportReport(bank.format, bank.title, bank.total, bank.copies, tuple(_reported_items(bank)))


def _reported_items(bank: SourceBank) -> Iterator[ReportedItem]:
    seen: dict[str, int] = {}
    for item in bank.items:
        try:
            yield _reported(item, seen)
        except UnfitItem as unfit:
            yield _refused(item, unfit.reason)


def _reported(item: SourceItem, seen: dict[str, int]) -> ReportedItem:
    """Return what becomes of an item. Raises UnfitItem."""
    if item.refusal is not None:
        return _refused(item, item.refusal)
    digest = _digest(item)
    if digest in seen:
        raise UnfitItem("repeated", number=seen[digest])
    made = make_question(item)
    seen[digest] = item.number
    outcome = ItemOutcome.CHANGED if made.reasons else ItemOutcome.LOSSLESS
    return ReportedItem(
        item.number,
        item.kind,
        item.ident,
        item.name,
        outcome,
        made.reasons,
        item.source,
        made.row,
        tuple(made.pictures),
    )


def _refused(item: SourceItem, reason: Reason) -> ReportedItem:
    return ReportedItem(item.number, item.kind, item.ident, item.name, ItemOutcome.REFUSED, (reason,), item.source)


def _digest(item: SourceItem) -> str:
    """Return the digest of everything that an item says."""
    parts = [item.kind, item.ident, item.name, item.tags, item.source]
    return sha256(json.dumps(parts).encode()).hexdigest()
