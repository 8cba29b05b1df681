"""Read the texts and pictures of QTI 1.2. A text names its format, which is not always the right one."""

import re

from lxml import etree

from exchange.rules.items import NOTHING, Markup, Rich

TEXTS = ("mattext", "matemtext")


def rich_of(element: etree._Element) -> Rich:
    """Return the texts and pictures below an element as one text."""
    parts, markups = [], set()
    for material in element.iter(*TEXTS, "matimage", "matbreak"):
        if material.tag == "matimage":
            markups.add(Markup.HTML)
            parts.append(f'<img src="{material.get("uri", "")}" alt="{material.get("label", "")}">')
            continue
        children = [child for child in material if isinstance(child.tag, str)]
        text = (
            "".join(
                [material.text or "", *(etree.tostring(child, encoding="unicode", method="html") for child in children)]
            )
            if children
            else "".join(material.itertext())
        )
        kind = (material.get("texttype") or "").lower()
        is_html = bool(children) or "html" in kind or (bool(re.search(r"<[a-z/][^<>]*>", text)) and "plain" not in kind)
        if not is_html and re.search(r"<(?:div|p|img|span|br|b|i|em|strong)\b[^<>]*>", text):
            is_html = True  # Canvas calls some HTML plain
        markups.add(Markup.HTML if is_html else Markup.PLAIN)
        parts.append(text.strip())
    if markups == {Markup.PLAIN}:
        return Rich("\n\n".join(part for part in parts if part))
    return Rich("".join(f"<div>{part}</div>" for part in parts if part), Markup.HTML) if parts else NOTHING
