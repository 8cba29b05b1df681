"""Words about the texts of a course."""

from django import template

from course.services import text_digest

register = template.Library()


@register.filter
def file_name(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]


@register.filter
def digest(text: str) -> str:
    """Return the digest with which a publication identifies the text that it replaces."""
    return text_digest(text)
