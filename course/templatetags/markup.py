"""The only place where stored HTML is trusted.

The HTML was sanitized when it was made, only by `course.markup.sanitise`. So a page need not sanitize it again, and no
other code has a reason to mark anything safe.
"""

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def rendered(html: str) -> SafeString:
    """Return stored HTML of a lesson, prompt, option or explanation, marked as safe."""
    return SafeString(html)
