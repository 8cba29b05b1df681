from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def styled(field: BoundField) -> SafeString:
    """Return a form's control in the page's style. Screen readers announce its errors with it. When the page opens, the
    first control with an error has the focus or, if nothing is wrong, the one for which the form asks.
    """
    has_focus = has_first_error(field) if field.form.errors else "autofocus" in field.field.widget.attrs
    attributes: dict[str, str | bool] = {"placeholder": "", "autofocus": has_focus}
    if field.widget_type != "checkbox":
        attributes["class"] = "field"
    return field.as_widget(attrs=attributes)


def has_first_error(field: BoundField) -> bool:
    """Return whether this is the first field of its form to correct. Errors of the whole form come before all fields."""
    form = field.form
    if form.non_field_errors():
        return False
    return next((other.name for other in form.visible_fields() if other.errors), None) == field.name
