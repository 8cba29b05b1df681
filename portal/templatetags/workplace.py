"""Words of the workplace's pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

register = template.Library()


@register.filter
def words(code: str) -> str:
    """A code as one says it: "view_as_learner" is "view as learner"."""
    return code.replace("_", " ")


@register.filter
def pairs(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{words(name)}: {fact}" for name, fact in facts.items())


@register.filter
def instant(at: datetime) -> SafeString:
    """25 Nov 2026, 12:04: for a column of instants, whose zone the page names once."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), date_format(localtime(at), "j M Y, H:i"))


@register.simple_tag(takes_context=True)
def with_query(context: Any, **changes: object) -> str:
    """This page's address with some of what it asks for changed; None takes it away."""
    asked = context["request"].GET.copy()
    for name, value in changes.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"
