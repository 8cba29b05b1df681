from decimal import Decimal

from django.conf import settings
from django.db import models

from course.models.content import Course
from people.models.groups import LearnerGroup


class Enrollment(models.Model):
    """A person's enrollment in a course, with a role. Leaving sets `unenrolled_at` and keeps the records (D28).

    `removed_at` is set as well if an instructor ended it; then the person cannot enroll again by themselves.
    `student_number` is what the university calls them, for staff alone; most courses do not use it.
    """

    class Role(models.TextChoices):
        LEARNER = "learner"
        INSTRUCTOR = "instructor"
        ASSISTANT = "assistant"
        AUTHOR = "author"
        OBSERVER = "observer"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrollments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrollments")
    role = models.CharField(max_length=12, choices=Role, default=Role.LEARNER)
    name = models.CharField(max_length=200, blank=True)
    student_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    enrolled_at = models.DateTimeField()
    unenrolled_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    groups = models.ManyToManyField(LearnerGroup, related_name="enrollments", blank=True)

    class Meta:
        app_label = "course"
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="one_enrollment"),
            models.UniqueConstraint(
                fields=["course", "student_number"],
                condition=~models.Q(student_number=""),
                name="one_student_number",
            ),
        ]
        indexes = [
            models.Index(  # pages of the gradebook, and the number of learners
                fields=["course", "name", "id"],
                condition=models.Q(role="learner", unenrolled_at=None),
                name="learners_by_name",
            )
        ]

    @property
    def is_learner(self) -> bool:
        """Return whether the person takes the course now. Other roles see a preview, in which nothing is stored (D28)."""
        return self.role == self.Role.LEARNER and self.unenrolled_at is None


class RoleLimit(models.Model):
    """Limits a role in a course to the learners of some groups (D42). Without groups, its holder sees no learner.

    A role without this row is not limited, so that losing a group never widens one.
    """

    enrollment = models.OneToOneField(Enrollment, models.CASCADE, related_name="limit")
    groups = models.ManyToManyField(LearnerGroup, related_name="role_limits", blank=True)

    class Meta:
        app_label = "course"


class Accommodation(models.Model):
    """A multiplier for a learner's exam time. The newest row applies, to sittings started later (D15).

    Append-only. The reason is stored in AccommodationNote instead.
    """

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="accommodations")
    multiplier = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(1))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        app_label = "course"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(multiplier__gte=1, multiplier__lte=10), name="accommodation_multiplier"
            )
        ]


class AccommodationNote(models.Model):
    """Why a learner has an accommodation. This may be health data, so only its own page shows it, and it can be deleted."""

    accommodation = models.OneToOneField(Accommodation, models.CASCADE, related_name="note")
    text = models.TextField()

    class Meta:
        app_label = "course"
