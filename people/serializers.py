"""The shape of a learner in answers of the API."""

from typing import Any

from rest_framework import serializers


class LearnerOut(serializers.Serializer[Any]):
    id = serializers.CharField(source="learner_id")
    username = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
