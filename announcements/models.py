from django.conf import settings
from django.db import models

from course.models.content import Course
from people.models.groups import LearnerGroup


class Announcement(models.Model):
    """A message from staff to the class, to a group, or to the learners who were on the at-risk list at the time.

    People who join the class or the group later see it, too. `readers` are the learners of the at-risk list. A
    withdrawn announcement is kept and shown to nobody but staff.
    """

    class Audience(models.TextChoices):
        EVERYONE = "everyone"
        GROUP = "group"
        AT_RISK = "at_risk"

    course = models.ForeignKey(Course, models.CASCADE, related_name="announcements")
    key = models.CharField(max_length=40, editable=False)  # of the form or the request, so that a repeat posts nothing
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    text = models.TextField()
    html = models.TextField(editable=False)
    audience = models.CharField(max_length=12, choices=Audience)
    group = models.ForeignKey(LearnerGroup, models.SET_NULL, null=True, related_name="+")
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    people = models.PositiveIntegerField(default=0)  # how many it reached when it was posted
    is_mailed = models.BooleanField(default=False)
    posted_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "course"
        indexes = [models.Index(fields=["course", "-posted_at"], name="announcements_of_course")]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="one_announcement")]

    def __str__(self) -> str:
        return self.title


class AnnouncementVisit(models.Model):
    """When a person last read the announcements of a course. Later ones are new to them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "course"
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="one_announcement_visit")]
