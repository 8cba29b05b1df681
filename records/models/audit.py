from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Who did what, when and why. Append-only: the database refuses changes."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    course = models.ForeignKey("course.Course", models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        app_label = "course"
        verbose_name_plural = "audit entries"
