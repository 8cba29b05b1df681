"""The shape of dates in answers of the API."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment


class DatesInForce(serializers.Serializer[Any]):
    opens_at = Moment(allow_null=True)
    due_at = Moment(allow_null=True)
    closes_at = Moment(allow_null=True)
