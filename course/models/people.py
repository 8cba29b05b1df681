from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models

from course.models.content import Course, Lesson


class User(AbstractUser):
    """A person. Erasing one empties these fields; what they answered stays, without a name (D18)."""

    first_name = None
    last_name = None
    name = models.CharField(max_length=200, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=8, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    REQUIRED_FIELDS = ["email"]

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.username


class Enrollment(models.Model):
    """A person in a course, with a role; leaving sets `unenrolled_at` and keeps the records (D28)."""

    class Role(models.TextChoices):
        LEARNER = "learner"
        INSTRUCTOR = "instructor"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrollments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrollments")
    role = models.CharField(max_length=12, choices=Role, default=Role.LEARNER)
    name = models.CharField(max_length=200, blank=True)
    enrolled_at = models.DateTimeField()
    unenrolled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="one_enrollment")]

    @property
    def is_learner(self) -> bool:
        """Takes the course now: instructors see a preview of theirs, in which nothing is written (D28)."""
        return self.role == self.Role.LEARNER and self.unenrolled_at is None


class LessonVisit(models.Model):
    """How far a learner came in a lesson: opened, and done when the end was reached."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="visits")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="visits")
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "lesson"], name="one_visit")]


class Accommodation(models.Model):
    """A standing multiplier of a learner's exam time; the newest row counts, for sittings started later (D15)."""

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="accommodations")
    multiplier = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(1))
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(multiplier__gte=1, multiplier__lte=10), name="accommodation_multiplier"
            )
        ]
