"""`pairs: [[left, right], …]`, `extra: [right…]`: right sides that match nothing."""

from collections.abc import Callable
from typing import Any

from quizzes.types.authored import Authored, Reader, Source, opaque_id

FIELDS = frozenset({"pairs", "extra"})


def compile(source: Source, render: Callable[[str], str]) -> Authored:
    """Body `{left: [{id, html, source}], right: […]}`, key `{right: {left id: right id}}`.

    The right column stands in the order of its ids, which know nothing of the pairs.
    """
    reader = Reader(source)
    pairs = [_pair(reader, row) for row in reader.rows("pairs", least=2)]
    reader.refuse_doubled([left for left, _ in pairs], "pairs")
    matches = list(dict.fromkeys(right for _, right in pairs))
    extra = _extra(reader, matches)

    def column(role: str, texts: list[str]) -> list[dict[str, Any]]:
        return [{"id": opaque_id(source, role, text), "html": render(text), "source": text} for text in texts]

    return Authored(
        body={
            "left": column("left", [left for left, _ in pairs]),
            "right": sorted(column("right", matches + extra), key=lambda item: item["id"]),
        },
        key={"right": {opaque_id(source, "left", left): opaque_id(source, "right", right) for left, right in pairs}},
        problems=tuple(reader.problems),
    )


def _pair(reader: Reader, row: int) -> tuple[str, str]:
    pair = reader.at(("pairs", row))
    if not isinstance(pair, list) or len(pair) != 2:
        reader.report(("pairs", row), "needs a pair: [left, right]")
        return "", ""
    return reader.text("pairs", row, 0), reader.text("pairs", row, 1)


def _extra(reader: Reader, matches: list[str]) -> list[str]:
    if reader.at(("extra",)) is None:
        return []
    extra = [reader.text("extra", row) for row in reader.rows("extra", least=1)]
    reader.refuse_doubled(extra, "extra")
    for row, text in enumerate(extra):
        if text and text in matches:
            reader.report(("extra", row), "is the match of a pair, so it is not extra")
    return [text for text in extra if text]
