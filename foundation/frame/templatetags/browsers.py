from django import template
from django.utils.translation import gettext as _

register = template.Library()

# In this order, because each browser's text also names the browsers below it.
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


@register.filter
def browser(agent: str) -> str:
    """Return “Firefox on Linux” for a browser's user agent, or its first words if it is unknown."""
    name = next((word for mark, word in BROWSERS if mark in agent), "")
    system = next((word for mark, word in SYSTEMS if mark in agent), "")
    if not name:
        return agent.split("(")[0][:40] or _("Unknown")
    return _("%(name)s on %(system)s") % {"name": name, "system": system} if system else name
