"""Labs as they were loaded from the course's folder; sessions and runs join them with the runner."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from course.rules.ids import new_id


class Lab(models.Model):
    """An exercise in cells; `probes` and the judge's reference never leave the judge."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    module = models.ForeignKey("course.Module", models.PROTECT, related_name="+")
    course = models.ForeignKey("course.Course", models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    runtime = models.CharField(max_length=4, default="tf2")
    limits = models.JSONField(default=dict, blank=True)
    objectives = models.JSONField(default=list, blank=True)
    cells = models.JSONField(default=list)
    source = models.TextField()
    solution = models.TextField(blank=True)
    probes = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    is_retired = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="lab_key")]

    def __str__(self) -> str:
        return self.title
