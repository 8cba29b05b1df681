"""Shapes of the mail that a person wants (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Strict, example


@example(announcements=True, notices=False, reminders=True)
class MailWanted(serializers.Serializer[Any]):
    """Which mail you want: announcements of your courses, notices about your work, and the reminders of weekly goals
    and of practice that you asked for.
    """

    announcements = serializers.BooleanField()
    notices = serializers.BooleanField()
    reminders = serializers.BooleanField()


@example(announcements=True, notices=False)
class MailWantedIn(Strict):
    """Without `reminders`, they stay as they are. Switching them off ends those of all courses."""

    announcements = serializers.BooleanField()
    notices = serializers.BooleanField()
    reminders = serializers.BooleanField(required=False)
