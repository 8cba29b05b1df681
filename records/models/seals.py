from django.conf import settings
from django.db import models
from django.db.models import Q


class Seal(models.Model):
    """The seal of one append-only record. Seals make a chain for each learner and course; append-only.

    A seal without a learner belongs to the chain of the course itself. `kind` and `record` name the record; `digest`
    covers it and the seal before it, and `text_digest` its texts (`records.rules.sealing`).
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    course = models.ForeignKey("course.Course", models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    record = models.PositiveBigIntegerField()
    salt = models.CharField(max_length=32, blank=True)
    text_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        app_label = "course"
        constraints = [
            models.UniqueConstraint(fields=["kind", "record"], name="sealed_once"),
            models.UniqueConstraint(fields=["learner", "course", "position"], name="one_seal_per_position"),
            models.UniqueConstraint(
                fields=["course", "position"], condition=Q(learner=None), name="one_course_seal_per_position"
            ),
        ]


class SealMark(models.Model):
    """How far the sweeper has looked for records of a kind to seal: the id of the last one."""

    kind = models.CharField(primary_key=True, max_length=40)
    record = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "course"


class StatementKey(models.Model):
    """The public half of a key with which this site signs or signed statements. Its id is the beginning of its digest."""

    id = models.CharField(primary_key=True, max_length=16)
    public_key = models.CharField(max_length=44)
    first_used_at = models.DateTimeField()

    class Meta:
        app_label = "course"
