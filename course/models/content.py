"""A course as loaded from its folder. The folder is authoritative until someone edits the course on the site."""

from datetime import datetime

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from course.rules.joining import way_in_force
from course.rules.schedule import Dates
from foundation.ids import new_id
from foundation.opaque import OpaqueText


class FromFolder(models.Model):
    """An object of a course folder. `key` is its id there; `edited_at` is set if it was edited on the site since."""

    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        abstract = True


class Dated(models.Model):
    """Something that may open, be due and close (D22). `own_dates` are those written at this object."""

    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def own_dates(self) -> Dates:
        return Dates(self.opens_at, self.due_at, self.closes_at)


class Course(FromFolder, Dated):
    """A course and its policy. Every number of the grading scheme is stored here as data (G1–G5)."""

    key = None
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=20, default="en")
    summary = models.TextField(blank=True)
    attempts = models.JSONField(default=dict)
    pass_percent = models.DecimalField(max_digits=6, decimal_places=3)
    show = models.JSONField(default=dict)
    source = models.TextField(blank=True)
    folder = models.CharField(max_length=500, blank=True)
    folder_digest = models.CharField(max_length=64, blank=True)
    loaded_at = models.DateTimeField(null=True, blank=True)
    timezone = models.CharField(max_length=64, default="UTC", db_default="UTC")
    joining = models.CharField(max_length=12, default="open", db_default="open")  # as in course.yaml
    # as set in the workplace, which wins
    joining_here = models.CharField(max_length=12, blank=True, default="", db_default="")
    join_code = models.CharField(max_length=12, blank=True, default="", db_default="")
    archived_at = models.DateTimeField(null=True, blank=True)
    # one of course.rules.visibility.VISIBILITIES
    visibility = models.CharField(max_length=12, default="listed", db_default="listed")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pass_percent__gte=0, pass_percent__lte=100), name="course_pass_percent"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def joins_by(self) -> str:
        """Return the way to join that is in force: one of `course.rules.joining.WAYS`."""
        return "closed" if self.archived_at else way_in_force(self.way_to_join, self.visibility)

    @property
    def own_dates(self) -> Dates:
        """Return its dates. An archived course has closed, so pages show everything in it as closed."""
        written = Dates(self.opens_at, self.due_at, self.closes_at)
        return written.within(Dates(closes_at=self.archived_at)) if self.archived_at else written

    @property
    def way_to_join(self) -> str:
        """Return the way to join that was set, whatever the course's visibility."""
        return self.joining_here or self.joining


class Revision(models.Model):
    """The current revision of a course's published content. Triggers write a new `token` at every change.

    The table is separate, so that saving a Course that was read earlier cannot restore an old token.
    """

    course = models.OneToOneField(Course, models.CASCADE, primary_key=True, related_name="revision")
    token = models.CharField(max_length=32, editable=False)

    class Meta:
        db_table = "course_revision"

    def __str__(self) -> str:
        return self.token


class CourseFile(models.Model):
    """A file of the folder that has no model: a figure, data, a program. It is stored so that an export is complete.

    `edited_at` is set if it was edited on the site since. A retired file was removed on the site. It keeps its content, so
    that the removal can be undone, and has no digest.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    is_retired = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "path"], name="file_path")]

    def __str__(self) -> str:
        return self.path


class Module(FromFolder, Dated):
    """A part of the outline. About, summary, appendix and final exam are modules too."""

    id = OpaqueText(primary_key=True, max_length=12, default=new_id, editable=False)
    course = models.ForeignKey(Course, models.CASCADE, related_name="modules")
    title = models.CharField(max_length=200)
    objectives = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField()
    # kind and id of each of its lines (“lesson:tensors”), if module.yaml lists an order
    line_order = models.JSONField(default=list, db_default=[], blank=True)
    folder = models.CharField(max_length=200, blank=True)
    source = models.TextField(blank=True)
    is_retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="module_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def dates(self) -> Dates:
        """Return the dates in force: its own within those of the course."""
        return self.own_dates.within(self.course.own_dates)


class Lesson(FromFolder):
    """A page to read: `source` as written, `html` as shown (sanitized when stored)."""

    id = OpaqueText(primary_key=True, max_length=12, default=new_id, editable=False)
    module = models.ForeignKey(Module, models.CASCADE, related_name="lessons")
    title = models.CharField(max_length=200)
    minutes = models.PositiveIntegerField(default=0)
    objectives = models.JSONField(default=list, blank=True)
    source = models.TextField()
    html = models.TextField()
    contents = models.JSONField(default=list, blank=True)
    listings = models.JSONField(default=list, blank=True)
    has_math = models.BooleanField(default=False)
    is_open = models.BooleanField(default=False)
    path = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField()
    is_retired = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["module__position", "position"]
        constraints = [models.UniqueConstraint(fields=["module", "key"], name="lesson_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def opens_at(self) -> datetime | None:
        """Return when the lesson opens. Anyone may read open lessons before the course itself opens (D28)."""
        return self.module.opens_at if self.is_open else self.module.dates.opens_at
