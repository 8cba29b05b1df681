"""Fields of forms for numbers and dates. They take the digits 0 to 9 only."""

from typing import Any

from django import forms

from foundation.moments import is_plain


class PlainEntry:
    error_messages: dict[str, Any]

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and not is_plain(value):
            raise forms.ValidationError(self.error_messages["invalid"], "invalid")
        return super().to_python(value)  # type: ignore[misc]


class WholeEntry(PlainEntry, forms.IntegerField):
    """A whole number."""


class DecimalEntry(PlainEntry, forms.DecimalField):
    """An exact number."""


class MomentEntry(PlainEntry, forms.DateTimeField):
    """A date and a time."""


class DayEntry(PlainEntry, forms.DateField):
    """A date."""
