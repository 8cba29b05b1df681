"""When the product was in service, when it was not and why, and who held a server that was full (D20)."""

from django.conf import settings
from django.db import models

from quizzes.rules.full_servers import LONGEST_ADDRESS, HolderKind
from quizzes.rules.heartbeats import OutageCause
from quizzes.rules.outages import CausedOutage


class Heartbeat(models.Model):
    """An uninterrupted period of service. A gap of more than 30 s between two is an outage (D20)."""

    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)


class Outage(models.Model):
    """An outage before a period of service, and its cause. A gap can contain several; one of an earlier release has none."""

    class Cause(models.TextChoices):
        PROCESS_DEAD = OutageCause.PROCESS_DEAD
        DATABASE_AWAY = OutageCause.DATABASE_AWAY
        MACHINE_STALLED = OutageCause.MACHINE_STALLED
        REFUSED_FULL = OutageCause.REFUSED_FULL

    period = models.ForeignKey(Heartbeat, models.PROTECT, related_name="outages")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(db_index=True)
    cause = models.CharField(max_length=20, choices=Cause)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "began_at"], name="outage_once"),
            models.CheckConstraint(condition=models.Q(ended_at__gt=models.F("began_at")), name="outage_ends_later"),
        ]

    @property
    def stretch(self) -> CausedOutage:
        """Return what `quizzes.rules.outages` decides about."""
        return CausedOutage(self.began_at, self.ended_at, OutageCause(self.cause))


class FullPeriod(models.Model):
    """From when until when a web server was full of requests and refused others (D20). Deleted after 90 days."""

    from_at = models.DateTimeField(unique=True)
    until_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until_at__gt=models.F("from_at")), name="full_ends_later")
        ]


class FullHolder(models.Model):
    """Who held a full web server: an address, or a person who was signed in. Numbers as in `quizzes.rules.full_servers`."""

    class Kind(models.TextChoices):
        ADDRESS = HolderKind.ADDRESS
        PERSON = HolderKind.PERSON

    period = models.ForeignKey(FullPeriod, models.CASCADE, related_name="holders")
    kind = models.CharField(max_length=7, choices=Kind)
    address = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    connections = models.PositiveBigIntegerField()
    requests = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    refused = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "address"], condition=models.Q(kind="address"), name="address_holds_once"
            ),
            models.UniqueConstraint(
                fields=["period", "person"], condition=models.Q(kind="person"), name="person_holds_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="address", person__isnull=True) | models.Q(kind="person", person__isnull=False),
                name="holder_of_its_kind",
            ),
        ]


class Lease(models.Model):
    """A claim by one process on a task that only one should do at a time, and its expiry."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField()
