from typing import Any

from rest_framework import serializers


class Strict(serializers.Serializer[Any]):
    """Input that says nothing it does not mean: an unknown field is an error."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError(
                {name: serializers.ErrorDetail("There is no such field here.", "unknown_field") for name in unknown}
            )
        return super().to_internal_value(data)


class Nothing(Strict):
    """The body of a call that takes none."""
