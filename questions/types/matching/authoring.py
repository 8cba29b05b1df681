"""`pairs: [[left, right], …]`, `extra: [right…]`: right sides that match nothing."""

from collections.abc import Callable

from questions.types.authored import Authored, BodyItem, QuestionSource, Reader, opaque_id

FIELDS = frozenset({"pairs", "extra"})


def compile(source: QuestionSource, render: Callable[[str], str]) -> Authored:
    """Return body `{left: [{id, html, source}], right: […]}`, key `{right: {left id: right id}}`.

    The right column is sorted by its ids, which are independent of the pairs.
    """
    reader = Reader(source)
    pairs = [_pair(reader, row) for row in reader.rows("pairs", least=2)]
    reader.refuse_doubled([left for left, _ in pairs], "pairs")
    matches = list(dict.fromkeys(right for _, right in pairs))
    extra = _extra(reader, matches)
    if not reader.problems and len({*matches, *extra}) == 1:
        reader.report(("pairs",), "needs two different right sides, or one in extra; otherwise every response is right")

    def column(role: str, texts: list[str]) -> list[BodyItem]:
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
