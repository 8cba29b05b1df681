"""Fields for values of a YAML text, and forms that each show one mapping of it. The course's own check judges the values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from authoring.folder import Path

TIME = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}", re.ASCII)
WHOLE, FRACTION = re.compile(r"-?[0-9]{1,9}"), re.compile(r"-?[0-9]{1,9}\.[0-9]{1,9}")


class WrittenField(forms.CharField):
    """A value as its author types it; an empty field is not written. `is_needed` only says so to people."""

    def __init__(self, *, is_needed: bool = False, **options: object) -> None:
        options.setdefault("max_length", 200)
        super().__init__(**options)
        self.required = is_needed

    def validate(self, value: object) -> None:
        """Accept everything."""

    def shown(self, value: object) -> object:
        return "" if value is None else str(value)

    def meant(self, typed: str) -> object:
        """Return the value to write, or None to write none."""
        return typed or None


class PickedTime(forms.TextInput):
    """A date and a time, picked or typed."""

    input_type = "datetime-local"


class TimeField(WrittenField):
    """A time of day in the zone of the course, such as 2027-03-01 08:00.

    What is written in another way is shown and kept as it is, in a plain field, because a picker would show nothing.
    """

    def __init__(self, **options: object) -> None:
        super().__init__(widget=PickedTime, **options)

    def shown(self, value: object) -> object:
        return self.as_picked(str(super().shown(value)))

    def clean(self, value: object) -> str:
        return self.as_picked(str(super().clean(value)))

    def as_picked(self, written: str) -> str:
        """Return a time as browsers write it. Anything else makes the field a plain one."""
        is_time = TIME.fullmatch(written) is not None
        if written and not is_time:
            self.widget.input_type = "text"
        return written.replace(" ", "T") if is_time else written

    def meant(self, typed: str) -> object:
        return (typed.replace("T", " ") if TIME.fullmatch(typed) else typed) or None


class NumberField(WrittenField):
    """A number within limits. A script checks the limits while people type; anything else is written as typed.

    `word` is what may be written instead of a number.
    """

    def __init__(self, *, least: int | Decimal = 0, most: int | Decimal, word: str = "", **options: object) -> None:
        limits = {"data-least": str(least), "data-most": str(most), "autocomplete": "off"}
        limits |= {"data-word": word} if word else {"inputmode": "decimal"}
        super().__init__(widget=forms.TextInput(attrs=limits), **options)

    def meant(self, typed: str) -> object:
        if WHOLE.fullmatch(typed):
            return int(typed)
        return Decimal(typed) if FRACTION.fullmatch(typed) else typed or None


class SwitchField(forms.BooleanField):
    def __init__(self, **options: object) -> None:
        super().__init__(required=False, **options)

    def shown(self, value: object) -> object:
        return value is True

    def meant(self, typed: bool) -> object:
        return True if typed else None


class PickField(forms.ChoiceField):
    """One of some words. `usual` is what an absent value means; `others` are older words for the choices."""

    def __init__(
        self,
        *,
        choices: Iterable[tuple[str, object]],
        usual: str = "",
        others: Mapping[str, str] | None = None,
        is_needed: bool = False,
        **options: object,
    ) -> None:
        super().__init__(choices=list(choices), required=is_needed, **options)
        self.usual, self.others = usual, others or {}

    def shown(self, value: object) -> object:
        return self.usual if value is None else self.others.get(str(value), str(value))

    def meant(self, typed: str) -> object:
        return int(typed) if typed.isdecimal() else typed or None


class FoldedChecks(forms.CheckboxSelectMultiple):
    """A long list of checkboxes, folded while none is ticked."""


class PicksField(forms.MultipleChoiceField):
    """Any number of ids. Those that stay keep their order, and new ones follow."""

    widget = FoldedChecks

    def __init__(self, **options: object) -> None:
        super().__init__(required=False, **options)

    def shown(self, value: object) -> object:
        self.initial = [str(key) for key in value] if isinstance(value, list) else []
        return self.initial

    def clean(self, value: object) -> list[str]:
        picked = super().clean(value)
        return [key for key in self.initial if key in picked] + [key for key in picked if key not in self.initial]

    def meant(self, typed: list[str]) -> object:
        return list(typed) or None


class SettingsForm(forms.Form):
    """The `values` that a text has at `keys`, by name. An optional mapping disappears when its last value is removed."""

    use_required_attribute = False
    is_optional = False
    UNWRITABLE = _("The text is written in a form in which this cannot be changed here. Edit it as text.")

    def __init__(self, posted: QueryDict | None, *, keys: Path, value: object) -> None:
        self.keys, self.values = keys, value if isinstance(value, dict) else {}
        super().__init__(posted, prefix="-".join(map(str, keys)) or None)
        self.prepare()
        self.initial = {name: field.shown(self.values.get(name)) for name, field in self.fields.items()}

    @property
    def row_name(self) -> str:
        """Return what a row of a list is called on the page."""
        return str(self.values.get("title") or _("Row %s") % (int(self.keys[-1]) + 1))

    def prepare(self) -> None:
        """Offer what depends on the course, before the values are shown."""

    def changes(self) -> Iterator[tuple[str, Path, object]]:
        """Yield field, place and new value of each that differs from what the form showed. None removes."""
        self.full_clean()
        changed = {name: typed for name, typed in self.cleaned_data.items() if typed != self.initial[name]}
        meant = {name: self.fields[name].meant(typed) for name, typed in changed.items()}
        left = {**self.values, **meant}
        if self.is_optional and self.values and all(value is None for value in left.values()):
            yield next(iter(meant)), self.keys, None
            return
        for name, value in meant.items():
            yield name, (*self.keys, name), value

    def add_mistake(self, name: str | None, sentence: str) -> None:
        """Show a mistake beside the field, or above the form."""
        key = name if name in self.fields else forms.forms.NON_FIELD_ERRORS
        label = str(self.fields[key].label) if key in self.fields else ""
        plain = sentence.replace(f"“{name}”", f"“{label}”", 1) if label else sentence
        self.errors.setdefault(key, self.error_class()).append(plain)
