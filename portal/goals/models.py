from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from course.models.content import Course
from foundation.zones import known_zone
from portal.goals.rules.goals import MOST


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
        app_label = "course"
        indexes = [
            models.Index(fields=["reminds_at"], condition=models.Q(reminds_at__isnull=False), name="reminder_due")
        ]
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="one_study_goal")]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    @property
    def zone(self) -> ZoneInfo:
        return known_zone(self.timezone)
