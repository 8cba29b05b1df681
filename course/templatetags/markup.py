"""The one place where stored HTML is trusted.

What is stored was sanitised when it was made (`course.rules.markup.sanitise`), by nothing else than that;
so a page need not do it again, and no other code has a reason to mark anything safe.
"""

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def rendered(html: str) -> SafeString:
    """HTML of a lesson, a prompt, an option or an explanation, as it was stored."""
    return SafeString(html)
