from django.conf import settings
from django.db import models

from course.models.content import Course


class PersonalExport(models.Model):
    """A copy of what is stored about a person, as one archive; of one course only if an instructor asked for it.

    A worker builds it: `done` of `total` sections are written. A worker that has not moved it for a while has lost it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.CASCADE, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    requested_at = models.DateTimeField(db_index=True)
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "course"

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class ExportPart(models.Model):
    """A piece of the archive, so that no row and no reply is large."""

    export = models.ForeignKey(PersonalExport, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        app_label = "course"
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="one_export_part")]
