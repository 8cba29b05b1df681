"""{% panels %}: what a lesson's interactive figures need: the controls and words of each kind once."""

import re

from django import template

register = template.Library()

KIND = re.compile(r'<figure [^>]*data-interactive="([a-z]+)"')


@register.inclusion_tag("figures/panels.html")
def panels(html: str) -> dict[str, list[str]]:
    return {"panels": [f"figures/{kind}.html" for kind in sorted(set(KIND.findall(html)))]}
