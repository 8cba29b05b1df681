from django.conf import settings
from django.db import models

from course.models.content import Course


class TextDraft(models.Model):
    """A passage that an author has edited and not published: one row per author and passage.

    `key` names a question of the file; "" is the whole file. `digest` is that of the published text on which the draft
    is based. `text` is null once the draft is published or discarded. Every save, publication and discard increases
    `revision`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    path = models.CharField(max_length=300)
    key = models.CharField(max_length=80, blank=True)
    text = models.TextField(null=True)  # noqa: DJ001  # an empty draft is a draft
    digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course", "path", "key"], name="one_text_draft")]
