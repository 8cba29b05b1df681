"""Parse attributes in braces: {id=fit-line run=true after=[make-data, shapes] expect="loss 0.01"}."""

import re

ITEM = re.compile(
    r"""\s*(?:
        \#(?P<id>[\w-]+)
        | (?P<key>[a-z_]+)\s*=\s*(?:
            "(?P<double>[^"]*)" | '(?P<single>[^']*)' | \[(?P<list>[^\]]*)\] | (?P<bare>[^\s\[\]{}"']+)
        )
    )""",
    re.VERBOSE,
)
BRACES = re.compile(r"\{(?P<inside>(?:\"[^\"]*\"|'[^']*'|[^{}\"'])*)\}\s*$")

type Attributes = dict[str, str | tuple[str, ...]]


def split_attributes(text: str) -> tuple[str, Attributes | None]:
    """Return the text before its final braces, and their attributes: {} without braces, None if unreadable."""
    match = BRACES.search(text)
    if match is None:
        return text.strip(), None if "{" in text else {}
    return text[: match.start()].strip(), _read_attributes(match["inside"])


def _read_attributes(inside: str) -> Attributes | None:
    attributes: Attributes = {}
    position = 0
    while inside[position:].strip():
        item = ITEM.match(inside, position)
        if item is None:
            return None
        key = item["key"] or "id"
        if key in attributes:
            return None
        attributes[key] = _attribute_value(item)
        position = item.end()
    return attributes


def _attribute_value(item: re.Match[str]) -> str | tuple[str, ...]:
    if item["list"] is not None:
        return tuple(part.strip() for part in item["list"].split(",") if part.strip())
    return next(item[name] for name in ("id", "double", "single", "bare") if item[name] is not None)
