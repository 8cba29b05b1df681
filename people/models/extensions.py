from django.conf import settings
from django.db import models

from people.models.enrollments import Enrollment


class DateExtension(models.Model):
    """Later dates of one activity for one learner. The newest row of an activity applies. Append-only.

    `activity` is the id of an assessment or a lab. An empty date is that of everyone. The reason is stored in
    DateExtensionNote instead.
    """

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="date_extensions")
    activity = models.CharField(max_length=40)
    due_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        app_label = "course"
        indexes = [models.Index(fields=["enrollment", "activity"], name="extension_of_activity")]


class DateExtensionNote(models.Model):
    """Why a learner has later dates. This may be health data, so only its own page shows it, and it can be deleted."""

    extension = models.OneToOneField(DateExtension, models.CASCADE, related_name="note")
    text = models.TextField()

    class Meta:
        app_label = "course"
