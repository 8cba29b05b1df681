from django.conf import settings
from django.db import models

from course.models.content import Course
from course.rules.schedule import Dates
from people.models.enrollments import Enrollment
from people.models.groups import LearnerGroup


class DateExtension(models.Model):
    """Dates of one activity for one learner. The newest row of an activity applies. Append-only.

    `activity` is the id of an assessment or a lab. An empty date is that of everyone. Without `is_exact`, a date counts
    only if it is later than everyone's. The reason is stored in DateExtensionNote instead.
    """

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="date_extensions")
    activity = models.CharField(max_length=40)
    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    is_exact = models.BooleanField(null=True)  # null rather than false, so that the seals of older rows stay valid
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        app_label = "course"
        indexes = [models.Index(fields=["enrollment", "activity"], name="extension_of_activity")]

    @property
    def dates(self) -> Dates:
        return Dates(self.opens_at, self.due_at, self.closes_at)


class DateExtensionNote(models.Model):
    """Why a learner has later dates. This may be health data, so only its own page shows it, and it can be deleted."""

    extension = models.OneToOneField(DateExtension, models.CASCADE, related_name="note")
    text = models.TextField()

    class Meta:
        app_label = "course"


class GroupDates(models.Model):
    """Dates of one activity for one group. The newest row of an activity applies. Append-only.

    An empty date is that of everyone. Rows with the same `change` were written together, and are undone together.
    """

    group = models.ForeignKey(LearnerGroup, models.PROTECT, related_name="dates")
    activity = models.CharField(max_length=40)
    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    change = models.CharField(max_length=12)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        app_label = "course"
        indexes = [models.Index(fields=["group", "activity"], name="dates_of_group")]

    @property
    def dates(self) -> Dates:
        return Dates(self.opens_at, self.due_at, self.closes_at)


class VaryingDates(models.Model):
    """An activity whose dates were once given to a group, or exactly to a learner, so that they may vary.

    A new row makes a new revision of the course. So its published content knows where dates vary, and a request about any
    other activity need not ask.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    activity = models.CharField(max_length=40, unique=True)

    class Meta:
        app_label = "course"
