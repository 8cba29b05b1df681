"""Shapes of the class: class lists, groups, removal (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from course.rules.roster import LONGEST_GROUP, MOST_ROWS
from course.services.roster import FATES
from foundation.reasons import LONGEST
from foundation.serializers import Strict
from portal.api.serializers.instructing import LearnerOut

GROUP = {"max_length": LONGEST_GROUP}


class ListedIn(Strict):
    """A person by email address or by username."""

    email = serializers.CharField(max_length=254, required=False, default="", allow_blank=True)
    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    username = serializers.CharField(max_length=150, required=False, default="", allow_blank=True)
    groups = serializers.ListField(child=serializers.CharField(**GROUP), max_length=20, required=False, default=list)


class ClassListIn(Strict):
    people = ListedIn(many=True, allow_empty=False, max_length=MOST_ROWS)
    dry_run = serializers.BooleanField(required=False, default=False)


class ListedOut(serializers.Serializer[Any]):
    """`groups` are those that the list adds. `password_link` sets the first password of an account that has none."""

    id = serializers.CharField(allow_null=True)
    username = serializers.CharField(allow_null=True)
    email = serializers.CharField(allow_blank=True)
    fate = serializers.ChoiceField(FATES)
    groups = serializers.ListField(child=serializers.CharField())
    password_link = serializers.CharField(allow_null=True)


class ClassListOut(serializers.Serializer[Any]):
    people = ListedOut(many=True)


class GroupsIn(Strict):
    groups = serializers.ListField(child=serializers.CharField(**GROUP), max_length=20)


class RemovalIn(Strict):
    reason = serializers.CharField(max_length=LONGEST, required=False, default="", allow_blank=True)


class MembershipOut(serializers.Serializer[Any]):
    learner = LearnerOut(source="*")
    groups = serializers.ListField(child=serializers.CharField())
    unenrolled_at = serializers.DateTimeField(allow_null=True)
    removed_at = serializers.DateTimeField(allow_null=True)
