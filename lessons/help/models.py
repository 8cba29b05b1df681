from django.conf import settings
from django.db import models


class HelpRequest(models.Model):
    """What a learner asked instructors about a part of a lesson or lab, and their reply. It is open without a reply.

    `place` names the lesson or lab ("lesson:ID", "lab:ID"), and `section` the anchor of a heading or the id of a cell in
    it, "" for the whole. The titles are those that the learner saw. `code` is the learner's code if they sent it along.
    """

    course = models.ForeignKey("course.Course", models.PROTECT, related_name="+")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    place = models.CharField(max_length=40)
    section = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200)
    section_title = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    code = models.TextField(blank=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True)

    class Meta:
        app_label = "quizzes"
        indexes = [models.Index(fields=["course", "answered_at"], name="help_by_course")]

    @property
    def about(self) -> str:
        """Return the title of the lesson or lab, with that of the part."""
        return f"{self.title}, {self.section_title}" if self.section_title else self.title

    @property
    def place_kind(self) -> str:
        """Return "lesson" or "lab"."""
        return self.place.partition(":")[0]

    @property
    def place_id(self) -> str:
        """Return the id of the lesson or lab."""
        return self.place.partition(":")[2]
