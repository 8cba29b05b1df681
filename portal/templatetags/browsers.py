from django import template
from django.utils.translation import gettext as _

register = template.Library()

# In this order: each of them also names those below it.
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


@register.filter
def browser(agent: str) -> str:
    """“Firefox on Linux” for what a browser says of itself at length; its first words where it is unknown."""
    name = next((word for mark, word in BROWSERS if mark in agent), "")
    system = next((word for mark, word in SYSTEMS if mark in agent), "")
    if not name:
        return agent.split("(")[0][:40] or _("Unknown")
    return _("%(name)s on %(system)s") % {"name": name, "system": system} if system else name
