"""{% panels %}: what a lesson's interactive figures and recordings need: the controls and words of each kind once."""

import re

from django import template

register = template.Library()

KIND = re.compile(r'<figure [^>]*data-interactive="([a-z]+)"')
RECORDING = "<figure data-media="


@register.inclusion_tag("figures/panels.html")
def panels(html: str) -> dict[str, list[str]]:
    kinds = [f"figures/{kind}.html" for kind in sorted(set(KIND.findall(html)))]
    return {"panels": [*kinds, "figures/recordings.html"] if RECORDING in html else kinds}
