from django.conf import settings
from django.db import models

from course.models.content import Course


class TextVersion(models.Model):
    """A text of a course's folder as it once stood; append-only.

    Written where texts are edited: what was published, and before it what the folder had brought, whose `author` is null.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    path = models.CharField(max_length=300)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["course", "path"], name="version_of_text")]
