from django.db import models

from quizzes.models.content import Assessment


class Analysis(models.Model):
    """What the records say of an assessment's questions, as last computed; every figure follows from the records.

    `facts` is what `quizzes.services.compute_analysis` wrote; empty before the first time.
    """

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="analysis")
    requested_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "analyses"
