"""Template filter for the reasons of instructors' changes, which not all staff may read."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def reason_to(record: Any, reader: int | None) -> str:
    """Return the reason of a change for one learner, or that it is private.

    The learner and instructors (`reader` is None) read every reason; other staff read only those that they gave. Everyone
    may read why a question was regraded, which says nothing about a person.
    """
    is_personal = getattr(record, "is_personal", True)
    if reader is None or not is_personal or record.author_id == reader or not record.reason:
        return str(record.reason)
    return _("(private)")
