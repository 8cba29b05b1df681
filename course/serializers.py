from typing import Any

from rest_framework import serializers

MEANT = {
    serializers.CharField: str,
    serializers.DecimalField: str,  # exact: a number of JSON is read in floating point
    serializers.IntegerField: int,
    serializers.BooleanField: bool,
}


class Strict(serializers.Serializer[Any]):
    """Input that says nothing it does not mean: an unknown field is an error, and so is 1 for "1" or for true."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            wrong = self.unknown(data) | self.mistaken(data)
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)

    def unknown(self, data: dict[str, Any]) -> dict[str, Any]:
        error = serializers.ErrorDetail("There is no such field here.", "unknown_field")
        return dict.fromkeys(sorted(set(data) - set(self.fields)), error)

    def mistaken(self, data: dict[str, Any]) -> dict[str, Any]:
        """Values that would be taken for what they are not."""
        error = serializers.ErrorDetail("This is of another type than the field.", "invalid_type")
        return {
            name: error
            for name, field in self.fields.items()
            if name in data and data[name] is not None and not is_meant(field, data[name])
        }


def is_meant(field: Any, value: Any) -> bool:
    """Is a value of JSON of the very type that the field has?"""
    return all(type(value) is plain for kind, plain in MEANT.items() if isinstance(field, kind))


class Nothing(Strict):
    """The body of a call that takes none."""
