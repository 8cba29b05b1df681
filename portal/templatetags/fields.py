from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def styled(field: Any) -> SafeString:
    """A form's control in the page's style; what is wrong with it is announced with it."""
    attributes = {"placeholder": ""}
    if field.widget_type != "checkbox":
        attributes["class"] = "in"
    return field.as_widget(attrs=attributes)
