"""A course as it was loaded from its folder; the folder is master until someone edits here."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from course.rules.ids import new_id


class FromFolder(models.Model):
    """An object of a course folder: `key` is its id there; `edited_at` says that it was changed here since."""

    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        abstract = True


class Course(FromFolder):
    """A course and its policy; every number of the grading scheme is data here (G1–G5)."""

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
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pass_percent__gte=0, pass_percent__lte=100), name="course_pass_percent"
            )
        ]

    def __str__(self) -> str:
        return self.title


class CourseFile(models.Model):
    """A file of the folder that is no object of its own: a figure, data, a program. With it, an export is whole."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "path"], name="file_path")]

    def __str__(self) -> str:
        return self.path


class Module(FromFolder):
    """A part of the outline; about, summary, appendix and final exam are modules like the others."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    course = models.ForeignKey(Course, models.CASCADE, related_name="modules")
    title = models.CharField(max_length=200)
    objectives = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField()
    folder = models.CharField(max_length=200, blank=True)
    source = models.TextField(blank=True)
    is_retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="module_key")]

    def __str__(self) -> str:
        return self.title


class Lesson(FromFolder):
    """A page to read: `source` as written, `html` as shown (sanitised when stored)."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
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
