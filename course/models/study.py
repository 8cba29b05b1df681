from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from course.models.content import Course, Lesson
from course.rules.goals import MOST
from foundation.zones import known_zone


class StudyNote(models.Model):
    """What a learner noted in a lesson, for themselves alone: a highlight, a note on a passage, or a bookmark.

    `key` is chosen by whoever creates the note, so that a save that is repeated creates nothing twice. `quote` is the
    passage, `before` and `after` a little of the text around it, and `section` the anchor of the heading above it, ""
    above the first heading. Without a quote, the note belongs to the whole section. Every save increases `revision`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="+")
    key = models.CharField(max_length=32)
    section = models.CharField(max_length=200, blank=True)
    quote = models.TextField(blank=True)
    before = models.CharField(max_length=80, blank=True)
    after = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_study_note")]

    @property
    def kind(self) -> str:
        """Return "bookmark" for a note on a whole section, "highlight" for a passage without a text, otherwise "note"."""
        if not self.quote:
            return "bookmark"
        return "note" if self.text else "highlight"


class StudyGoal(models.Model):
    """What a learner wants to do in a course each week: a number of days, lessons or questions. Only they see it.

    Weeks begin on Monday in `timezone`. If the learner asked for a reminder by email, it is due at `reminder_hour` of
    `reminder_day` (1 for Monday), next at `reminds_at`; otherwise all three are None.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.CASCADE, related_name="study_goals")
    unit = models.CharField(max_length=9, choices=[(unit, unit) for unit in MOST])
    amount = models.PositiveSmallIntegerField()
    timezone = models.CharField(max_length=64, blank=True)
    reminder_day = models.PositiveSmallIntegerField(null=True)
    reminder_hour = models.PositiveSmallIntegerField(null=True)
    reminds_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["reminds_at"], condition=models.Q(reminds_at__isnull=False), name="reminder_due")
        ]
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="one_study_goal")]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    @property
    def zone(self) -> ZoneInfo:
        return known_zone(self.timezone)
