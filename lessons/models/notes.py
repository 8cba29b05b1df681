from django.conf import settings
from django.db import models

from course.models.content import Lesson


class StudyNote(models.Model):
    """What a learner noted in a lesson, for themselves alone: a highlight, a note on a passage, or a bookmark.

    `key` is chosen by whoever creates the note, so that a save that is repeated creates nothing twice. `quote` is the
    passage, `before` and `after` a little of the text around it, and `section` the anchor of the heading above it, ""
    above the first heading. Without a quote, the note belongs to the whole section. Every save increases `revision`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="+")
    key = models.CharField(max_length=32)
    section = models.CharField(max_length=200, blank=True)
    quote = models.TextField(blank=True)
    before = models.CharField(max_length=80, blank=True)
    after = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        app_label = "course"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_study_note")]

    @property
    def kind(self) -> str:
        """Return "bookmark" for a note on a whole section, "highlight" for a passage without a text, otherwise "note"."""
        if not self.quote:
            return "bookmark"
        return "note" if self.text else "highlight"
