"""The floor's tables. Their app is named, so that tests can use them without installing it."""

from django.conf import settings
from django.db import models


class Paper(models.Model):
    """What a learner has reached in one question; an answer locks this row."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    question = models.IntegerField()
    attempts = models.IntegerField(default=0)
    points = models.FloatField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "floor"
        constraints = [models.UniqueConstraint(fields=["learner", "question"], name="one_paper")]


class Given(models.Model):
    """A response, as it was given."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE)
    response = models.JSONField()
    is_right = models.BooleanField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "floor"
