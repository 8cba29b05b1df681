from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from foundation.zones import known_zone
from practice.rules.memory import Memory


class PracticeMemory(models.Model):
    """What the scheduler knows of a learner's memory of a question, since they practiced it first. Only they see it.

    `reviewed_on` and `due_on` are days as the learner's time zone has them.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey("course.Course", models.CASCADE, related_name="+")
    question = models.ForeignKey("quizzes.Question", models.CASCADE, related_name="+")
    stability = models.FloatField()
    difficulty = models.FloatField()
    reviewed_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "question"], name="one_practice_memory"),
            models.CheckConstraint(condition=models.Q(due_on__gt=models.F("reviewed_on")), name="practiced_before_due"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}, due {self.due_on}"

    @property
    def memory(self) -> Memory:
        return Memory(self.stability, self.difficulty, self.reviewed_on, self.due_on)


class PracticePlan(models.Model):
    """When a learner practices a course next, and when they want to be reminded of it. Only they see it.

    From `next_on` on, `next_count` questions wait; None until they practice for the first time. A learner who wants a
    reminder by email gets one at `reminder_hour` of a day in `timezone`, next at `reminds_at`; otherwise these are None.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey("course.Course", models.CASCADE, related_name="practice_plans")
    next_on = models.DateField(null=True)
    next_count = models.PositiveSmallIntegerField(default=0)
    timezone = models.CharField(max_length=64, blank=True)
    reminder_hour = models.PositiveSmallIntegerField(null=True)
    reminds_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["reminds_at"], condition=models.Q(reminds_at__isnull=False), name="practice_reminder_due"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="one_practice_plan")]

    def __str__(self) -> str:
        return f"{self.next_count} questions on {self.next_on}"

    @property
    def zone(self) -> ZoneInfo:
        return known_zone(self.timezone)
