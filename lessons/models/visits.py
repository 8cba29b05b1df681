from django.conf import settings
from django.db import models


class LessonVisit(models.Model):
    """How far a learner has read a lesson: opened, and done once they reached the end. `section` is the anchor of the
    heading that they saw last, "" above the first. `seen_at` is when they last read in it; a visit of an earlier release
    has none.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="visits")
    lesson = models.ForeignKey("course.Lesson", models.CASCADE, related_name="visits")
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    section = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        app_label = "course"
        constraints = [models.UniqueConstraint(fields=["user", "lesson"], name="one_visit")]
