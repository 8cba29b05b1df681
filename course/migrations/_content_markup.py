"""Convert HTML of the previous release, with class names of its style sheet, to HTML that only names each part.

Migrations of three apps use it. Never change it: it describes what was stored then, not what is stored now.
"""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from hashlib import sha256

BATCH = 200
TAG = re.compile(r'<(/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*>')
CLASS = re.compile(r'\s+class="([^"]*)"')
EMPTY = frozenset({"br", "hr", "img"})  # elements without an end tag
ICON = re.compile(r'<svg class="i" aria-hidden="true"><use href="#\w+"></use></svg><div>')
TITLE = re.compile(r'<p><b class="b">([^<]*)</b></p>')

# element and class -> element and attribute; an element without a name is removed, and its content stays
MEANINGS = {
    ("div", "prose"): ("section", 'data-section=""'),
    ("div", "prose nx"): ("section", 'data-section=""'),
    ("div", "note"): ("div", 'data-callout="note"'),
    ("div", "note w"): ("div", 'data-callout="warning"'),
    ("div", "note no"): ("div", 'data-callout="mistake"'),
    ("div", "beside an icon"): ("", ""),
    ("div", "hl"): ("", ""),
    ("div", "eq"): ("div", 'data-equation=""'),
    ("div", "scroll"): ("div", 'data-table=""'),
    ("figure", "fig"): ("figure", 'data-figure=""'),
    ("figure", "code"): ("figure", 'data-code=""'),
    ("section", "ex"): ("section", 'data-exercise=""'),
    ("span", "d mute"): ("span", 'data-number=""'),
    ("span", "d"): ("span", 'data-name=""'),
    ("span", "badge"): ("span", 'data-versions=""'),
    ("p", "b"): ("p", 'data-title=""'),
    **{(cell, "r"): (cell, 'data-align="right"') for cell in ("td", "th", "mtd")},
    **{(cell, "ctr"): (cell, 'data-align="center"') for cell in ("td", "th")},
    ("mtd", "l"): ("mtd", 'data-align="left"'),
}


def without_presentation(html: str) -> str:
    """Return the same content without class names of the style sheet. Content without such names is unchanged."""
    if "class=" not in html:
        return html
    return "".join(_pieces(TITLE.sub(r'<p data-title="">\1</p>', ICON.sub('<div class="beside an icon">', html))))


def without_presentation_inside(value: object) -> object:
    """Apply `without_presentation` to every text under "html" or "whys" in JSON."""
    if isinstance(value, list):
        return [without_presentation_inside(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _inside(name, each) for name, each in value.items()}


def _inside(name: str, value: object) -> object:
    if name == "html" and isinstance(value, str):
        return without_presentation(value)
    if name == "whys" and isinstance(value, dict):
        return {option: without_presentation(str(why)) for option, why in value.items()}
    return without_presentation_inside(value)


def _pieces(html: str) -> Iterator[str]:
    """Yield the converted pieces. `around` holds the old and the new name of each open element."""
    around: list[tuple[str, str]] = []
    place = 0
    for tag in TAG.finditer(html):
        yield html[place : tag.start()]
        place = tag.end()
        if tag[1]:
            name = around.pop()[1] if around else tag[2]
            yield f"</{name}>" if name else ""
            continue
        name, attributes = _opened(tag[2], tag[3], {old for old, _ in around})
        yield f"<{name}{attributes}>" if name else ""
        if tag[2] not in EMPTY:
            around.append((tag[2], name))
    yield html[place:]


def _opened(name: str, attributes: str, around: set[str]) -> tuple[str, str]:
    """Return name and attributes of a start tag. Classes in code and in drawings are content, so they stay."""
    written = CLASS.search(attributes)
    if written is None or "svg" in {name, *around} or ("pre" in around and name == "span"):
        return name, attributes
    new, said = MEANINGS.get((name, written[1]), (name, ""))
    return new, f" {said}{CLASS.sub('', attributes)}" if said else CLASS.sub("", attributes)


def convert_rows(rows, fields, convert):
    """Let `convert` change each row, and save the rows that differ, in batches, in order of their keys."""
    rows = rows.order_by("pk")
    last = None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]):
        last = batch[-1].pk
        before = [[deepcopy(getattr(row, name)) for name in fields] for row in batch]
        for row in batch:
            convert(row)
        changed = [row for row, was in zip(batch, before, strict=True) if was != [getattr(row, n) for n in fields]]
        if changed:
            rows.model.objects.bulk_update(changed, fields)


def digest_of(row, names, **more):
    """Return the SHA-256 of a text without derived fields, as a load of its folder computes it."""
    said = {name: getattr(row, name) for name in names} | more
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
