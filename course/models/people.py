from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from course.models.content import Course, Lesson
from course.models.groups import LearnerGroup
from foundation.prepared import PreparedQuery, instances

BEYOND_KEYS = 2**63


_read: ContextVar["User | None"] = ContextVar("read", default=None)


@contextmanager
def person_read(person: "User | None") -> Iterator[None]:
    """Let `User.objects.get(pk=…)` inside return this person, who was read a moment ago."""
    token = _read.set(person)
    try:
        yield
    finally:
        _read.reset(token)


class PeopleManager(UserManager["User"]):
    """Django's manager, with a prepared query for a person by key, because every request of a signed-in person reads one."""

    use_in_migrations = False

    def get(self, *args: Any, **by: Any) -> "User":
        pk = by.get("pk")
        is_plain = not args and len(by) == 1 and isinstance(pk, int) and 0 < pk < BEYOND_KEYS
        if not is_plain or type(self) is not PeopleManager:  # a group's members have a manager that inherits this one
            return super().get(*args, **by)
        read = _read.get()
        if read is not None and read.pk == pk:
            return read
        rows = PERSON(pk=pk)
        if not rows:
            raise self.model.DoesNotExist
        return instances(self.model, rows, PERSON_FIELDS)[0]


class User(AbstractUser):
    """A person. Erasing a person empties these fields; their answers stay, without a name (D18).

    `erasure_due_at` is set while the person waits for their account to be deleted, and can still keep it.
    """

    first_name = None
    last_name = None
    name = models.CharField(max_length=200, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=8, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    erasure_due_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PeopleManager()
    REQUIRED_FIELDS = ["email"]

    class Meta(AbstractUser.Meta):
        indexes = [
            models.Index(
                fields=["erasure_due_at"], condition=models.Q(erasure_due_at__isnull=False), name="erasure_due"
            )
        ]

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.username


PERSON_FIELDS = tuple(field.attname for field in User._meta.concrete_fields)
PERSON = PreparedQuery(lambda pk: User.objects.filter(pk=pk).values_list(*PERSON_FIELDS), pk=int)


class Erasure(models.Model):
    """The mark that a person is being erased. It exists only inside the transaction that erases them.

    While it exists, the guards of append-only tables let this person's texts be blanked (`course.migrations._guards.Erasable`).
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")


class Enrollment(models.Model):
    """A person's enrollment in a course, with a role. Leaving sets `unenrolled_at` and keeps the records (D28).

    `removed_at` is set as well if an instructor ended it; then the person cannot enroll again by themselves.
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
    enrolled_at = models.DateTimeField()
    unenrolled_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    groups = models.ManyToManyField(LearnerGroup, related_name="enrollments", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="one_enrollment")]
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


class LessonVisit(models.Model):
    """How far a learner has read a lesson: opened, and done once they reached the end. `section` is the anchor of the
    heading that they saw last, "" above the first.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="visits")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="visits")
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    section = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "lesson"], name="one_visit")]


class Accommodation(models.Model):
    """A multiplier for a learner's exam time. The newest row applies, to sittings started later (D15).

    Append-only. The reason is stored in AccommodationNote instead.
    """

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="accommodations")
    multiplier = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(1))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(multiplier__gte=1, multiplier__lte=10), name="accommodation_multiplier"
            )
        ]


class AccommodationNote(models.Model):
    """Why a learner has an accommodation. This may be health data, so only its own page shows it, and it can be deleted."""

    accommodation = models.OneToOneField(Accommodation, models.CASCADE, related_name="note")
    text = models.TextField()
