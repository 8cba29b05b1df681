from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from foundation.fast.prepared import PreparedQuery, instances

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
    `is_course_creator` lets the person create courses, in which they are then the instructor; administrators set it.
    """

    first_name = None
    last_name = None
    name = models.CharField(max_length=200, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=8, blank=True)
    is_course_creator = models.BooleanField("may create courses", default=False, db_default=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    erasure_due_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PeopleManager()
    REQUIRED_FIELDS = ["email"]

    class Meta(AbstractUser.Meta):
        app_label = "course"  # the app whose table it is
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

    class Meta:
        app_label = "course"
