from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework import serializers

from foundation.moments import is_plain
from foundation.reasons import LONGEST
from foundation.refusals import refuses

MEANT = {
    serializers.CharField: str,
    serializers.DecimalField: str,  # exact: a JSON number would be read as a float
    serializers.IntegerField: int,
    serializers.BooleanField: bool,
}


IN_DIGITS = (serializers.DecimalField, serializers.DateTimeField, serializers.DateField)  # and sent as a text


class Moment(serializers.DateTimeField):
    """A date and a time, in UTC whatever the zone of the reader's account is. One that is given must say its zone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)

    def to_internal_value(self, value: Any) -> datetime:
        moment = super().to_internal_value(value)
        if isinstance(value, str) and (written := parse_datetime(value)) is not None and written.tzinfo is None:
            raise serializers.ValidationError(NO_ZONE, "no_zone")
        return moment


NO_ZONE = "Say the zone of this time: end it with Z for UTC, or with an offset such as +01:00."


@cache
def shared_shape[S: serializers.Serializer[Any]](shape: type[S]) -> S:
    """Return the serializer of this class that all requests share, because copying its fields takes longer than using them.

    It has no context.
    """
    return shape()


def json_of(shape: type[serializers.Serializer[Any]], instance: object) -> dict[str, Any]:
    """Return the JSON of an answer in this shape."""
    body: dict[str, Any] = shared_shape(shape).to_representation(instance)
    return body


_examples: dict[type[serializers.Serializer[Any]], dict[str, object]] = {}
MOMENT_SHOWN = "2026-11-25T12:00:00Z"


def example[S: serializers.Serializer[Any]](**values: object) -> Callable[[type[S]], type[S]]:
    """Give a shape its example for the API's schema. Values that are left out are those of the example of a base class."""

    def given(shape: type[S]) -> type[S]:
        base = next((_examples[parent] for parent in shape.__mro__ if parent in _examples), {})
        _examples[shape] = {name: value for name, value in base.items() if name not in values} | values
        return shape

    return given


def has_example(shape: type[serializers.Serializer[Any]]) -> bool:
    return shape in _examples


def example_of(shape: type[serializers.Serializer[Any]]) -> dict[str, object]:
    """Return the example of a shape. That of an answer has every field: what is left out is as `usual_value` says."""
    written = _examples[shape]
    fields = {} if issubclass(shape, Strict) else shape().fields
    if written.keys() >= fields.keys():
        return written
    return {name: written[name] if name in written else usual_value(field) for name, field in fields.items()}


def usual_value(field: serializers.Field[Any, Any, Any, Any]) -> object:
    """Return what an example shows in a field without a value: the example of the field's shape, null, or an instant."""
    shape = type(getattr(field, "child", field))
    if shape in _examples:
        return example_of(shape) if shape is type(field) else [example_of(shape)]
    assert field.allow_null or isinstance(field, Moment), f"the example lacks {field.field_name}"
    return None if field.allow_null else MOMENT_SHOWN


class Kept(serializers.Serializer[Any]):
    """A shape in which equal values are written once and then kept in memory, so nobody may change the result."""

    def to_representation(self, instance: object) -> Any:
        key = type(self), self.kept_by(instance)
        representation = _kept.get(key)
        if representation is None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            representation = _kept[key] = super().to_representation(instance)
        return representation

    def kept_by(self, instance: Any) -> Hashable:
        """Return what decides how a value is written: by default, the whole of it."""
        value: Hashable = instance
        return value


_kept: dict[Hashable, Any] = {}
MOST_KEPT = 4096


class Strict(serializers.Serializer[Any]):
    """Reject input that may be a mistake: unknown fields, and values such as 1 for "1" or for true."""

    def to_internal_value(self, data: object) -> object:
        if isinstance(data, dict):
            wrong = self.unknown(data) | self.mistaken(data) | self.unplain(data) | self.too_long(data)
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)

    def unknown(self, data: dict[str, object]) -> dict[str, serializers.ErrorDetail]:
        error = serializers.ErrorDetail("Unknown field.", "unknown_field")
        return dict.fromkeys(sorted(set(data) - set(self.fields)), error)

    def mistaken(self, data: dict[str, object]) -> dict[str, serializers.ErrorDetail]:
        """Return the errors for values that a lenient parser would accept with another meaning."""
        error = serializers.ErrorDetail("This is of another type than the field.", "invalid_type")
        return {
            name: error
            for name, field in self.fields.items()
            if name in data and data[name] is not None and not is_meant(field, data[name])
        }

    def unplain(self, data: dict[str, object]) -> dict[str, serializers.ErrorDetail]:
        """Return the errors for numbers and times in digits that only some programs read, such as 1_0 and １２."""
        error = serializers.ErrorDetail("Write this with the digits 0 to 9, and with nothing between them.", "invalid")
        return {
            name: error
            for name, field in self.fields.items()
            if isinstance(field, IN_DIGITS) and isinstance(written := data.get(name), str) and not is_plain(written)
        }

    def too_long(self, data: dict[str, object]) -> dict[str, serializers.ErrorDetail]:
        """Return the errors for texts that are too long as sent, with the spaces at their ends, as the schema says."""
        return {name: error for name, field in self.fields.items() if (error := too_long_for(field, data.get(name)))}


def too_long_for(field: object, value: object) -> serializers.ErrorDetail | None:
    """Return the error if a text, or one in a list, is longer than the field accepts."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return next(filter(None, (too_long_for(field.child, item) for item in value)), None)
    if not isinstance(field, serializers.CharField) or not isinstance(value, str):
        return None
    if field.max_length is None or len(value) <= field.max_length:
        return None
    message = field.error_messages["max_length"].format(max_length=field.max_length)
    return serializers.ErrorDetail(message, "max_length")


def is_meant(field: object, value: object) -> bool:
    """Return whether a JSON value has exactly the field's type, and so does each value in a list."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return all(item is None or is_meant(field.child, item) for item in value)
    return all(type(value) is plain for kind, plain in MEANT.items() if isinstance(field, kind))


class Nothing(Strict):
    """The body of a request without parameters."""


@refuses("reason_missing")
class Reasoned(Strict):
    """Base of changes that need a reason."""

    reason = serializers.CharField(max_length=LONGEST, required=False, default="", allow_blank=True)


class Previewed(Reasoned):
    """Base of changes to what counts. With `dry_run`, the answer only previews the change."""

    dry_run = serializers.BooleanField(required=False, default=False)
