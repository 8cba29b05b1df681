from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def styled(field: BoundField) -> SafeString:
    """Return a form's control in the page's style. Screen readers announce its errors with it."""
    attributes: dict[str, str | bool] = {"placeholder": ""}
    if field.widget_type != "checkbox":
        attributes["class"] = "field"
    return field.as_widget(attrs=attributes)
