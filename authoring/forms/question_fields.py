"""Fields of a question's form, each for a value as the text writes it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from authoring.forms.settings import PickField, WrittenField

LONGEST = 20_000  # characters of one field


class LinesField(WrittenField):
    """A text of several lines."""

    def __init__(self, *, rows: int, **options: object) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), max_length=LONGEST, **options)

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")

    def shown(self, value: object) -> object:
        return str(super().shown(value)).strip()


class AnswersField(LinesField):
    """A list of texts, one on each line."""

    def shown(self, value: object) -> object:
        return "\n".join(map(str, value)) if isinstance(value, list) else super().shown(value)

    def meant(self, typed: str) -> object:
        return [line.strip() for line in typed.splitlines() if line.strip()] or None


class SizesField(WrittenField):
    """A shape of a tensor, as Python shows it: (None, 28, 28, 1). Anything else is written as typed."""

    def shown(self, value: object) -> object:
        if not isinstance(value, list):
            return super().shown(value)
        sizes = ["None" if size is None else str(size) for size in value]
        return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"

    def meant(self, typed: str) -> object:
        inside = typed.strip().removeprefix("[").removeprefix("(").removesuffix("]").removesuffix(")")
        sizes = [size.strip() for size in inside.removesuffix(",").split(",")] if inside.strip() else []
        if not typed.strip():
            return None
        if not all(size.isdecimal() or size.lower() in ("none", "null", "?") for size in sizes):
            return typed
        return [int(size) if size.isdecimal() else None for size in sizes]


class TruthField(PickField):
    def __init__(self, **options: object) -> None:
        super().__init__(choices=[("true", _("True")), ("false", _("False"))], widget=forms.RadioSelect, **options)

    def shown(self, value: object) -> object:
        return str(value).lower() if isinstance(value, bool) else ""

    def meant(self, typed: str) -> object:
        return {"true": True, "false": False}.get(typed)
