from django.db import models

from quizzes.models.content import Assessment


class Analysis(models.Model):
    """Statistics on an assessment's questions, as last computed from the records.

    `facts` is the result of `quizzes.services.compute_analysis`, empty before the first time.
    """

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="analysis")
    requested_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "analyses"


class Overview(models.Model):
    """How far the learners of a large course are, and who is at risk, as last computed for the dashboard.

    `facts` is a `quizzes.selectors.CourseOverview` as JSON, empty before the first time.
    """

    course = models.OneToOneField("course.Course", models.CASCADE, related_name="+")
    requested_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict)
