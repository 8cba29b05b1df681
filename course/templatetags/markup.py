"""The only place where stored HTML is trusted.

The HTML was sanitized when it was made, only by `course.markup.sanitise`. So a page need not sanitize it again, and no
other code has a reason to mark anything safe.
"""

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from lessons.rules.searching import ExcerptPiece

register = template.Library()


@register.filter
def rendered(html: str) -> SafeString:
    """Return stored HTML of a lesson, prompt, option or explanation, marked as safe."""
    return SafeString(html)


@register.filter
def rendered_piece(piece: "ExcerptPiece") -> str:
    """Return a piece of a search result's excerpt: text, a marked match, or a formula from a stored text."""
    if piece.kind == "formula":
        return SafeString(piece.text)
    return format_html("<mark>{}</mark>" if piece.kind == "found" else "{}", piece.text)
