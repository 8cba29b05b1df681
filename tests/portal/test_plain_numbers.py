"""Numbers and dates are written with the digits 0 to 9: in forms, in the API and in files, on every field."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django import forms
from rest_framework import serializers

from authoring.forms.settings import NumberField
from foundation.serializers import Strict
from grading.rules.overrides import read_overrides
from portal.allowances.rules.allowances import read_allowances

ROOMS = (
    "accounts",
    "announcements",
    "authoring",
    "foundation",
    "grading",
    "labs",
    "lessons",
    "people",
    "portal",
    "practice",
    "quizzes",
    "questions",
)
NUMBERS = ["1_0", "１２", "٢", "१", "1٢"]
MOMENTS = ["２０９９-01-01T00:00:00Z", "2099-01-0١T00:00:00Z", "2099-01-01T00:00:0०Z"]
DAYS = ["２０９９-01-01", "2099-01-0١"]
OF_FORMS = ((forms.DateTimeField, MOMENTS), (forms.DateField, DAYS), (forms.IntegerField, NUMBERS))


def below(kind: type) -> Iterator[type]:
    """Yield the classes of ours that descend from this one."""
    for each in kind.__subclasses__():
        if each.__module__.split(".")[0] in ROOMS:
            yield each
        yield from below(each)


def load_forms_and_shapes() -> None:
    for room in ROOMS:
        for module in walk_packages(import_module(room).__path__, f"{room}."):
            if {"forms", "serializers"} & set(module.name.split(".")):
                import_module(module.name)


load_forms_and_shapes()
FIELDS_OF_FORMS = {
    f"{form.__name__}.{name}": (field, values)
    for form in below(forms.Form)
    for name, field in form.base_fields.items()
    for kind, values in OF_FORMS
    if isinstance(field, kind)
}
FIELDS_OF_API = {
    f"{shape.__name__}.{name}": (shape, name, MOMENTS if isinstance(field, serializers.DateTimeField) else NUMBERS)
    for shape in below(Strict)
    for name, field in shape().fields.items()
    if isinstance(field, serializers.DecimalField | serializers.IntegerField | serializers.DateTimeField)
}


def refusals(field: forms.Field, values: list[str]) -> list[str]:
    """Return the values that the field refuses."""
    found = []
    for value in values:
        try:
            field.to_python(value)
        except forms.ValidationError:
            found.append(value)
    return found


def test_there_are_fields_of_each_kind_to_try():
    names = {*FIELDS_OF_FORMS, *FIELDS_OF_API}
    assert names >= {
        "PointsForm.points",
        "DatesForm.due_at",
        "AuditAsked.since",
        "OverrideIn.points",
        "DateExtensionIn.due_at",
    }


@pytest.mark.parametrize("name", sorted(FIELDS_OF_FORMS))
def test_a_field_of_a_form_takes_no_other_digits(name):
    field, values = FIELDS_OF_FORMS[name]
    assert refusals(field, values) == values


@pytest.mark.parametrize("name", sorted(FIELDS_OF_API))
def test_a_field_of_the_api_takes_no_other_digits(name):
    shape, field, values = FIELDS_OF_API[name]
    for value in values:
        read = shape(data={field: value})
        assert not read.is_valid()
        assert field in read.errors, value


@pytest.mark.parametrize("number", ["1", "1.50", "+1", "1e1", " 2 "])
def test_a_plain_decimal_of_the_api_is_taken_as_before(number):
    class Worth(Strict):
        points = serializers.DecimalField(max_digits=9, decimal_places=2)

    assert Worth(data={"points": number}).is_valid()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_file_takes_no_other_digits(number):
    _, (override,) = read_overrides(f"username,item,points,reason\nmina,exam,{number},r\n")
    _, (allowance,) = read_allowances(f"username,note,multiplier\nmina,n,{number}\n", None)
    assert (override.sentence[-16:], allowance.sentence[-16:]) == ("is not a number.",) * 2


@pytest.mark.parametrize("number", NUMBERS)
def test_a_setting_keeps_other_digits_as_a_text_which_the_check_refuses(number):
    assert NumberField(most=9).meant(number) == number
