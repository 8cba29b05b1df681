from django.conf import settings
from django.db import models

from course.models.content import Course


class TextVersion(models.Model):
    """An earlier or current state of a text of the course folder. Append-only.

    Rows are written when texts are edited: the newly published text, and before the first edit the text from the
    folder, with `author` null.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    path = models.CharField(max_length=300)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["course", "path"], name="version_of_text")]
