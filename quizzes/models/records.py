"""What instructors and the house itself did to sittings; append-only but for reports and the heartbeat."""

from django.conf import settings
from django.db import models

from quizzes.models.content import Question, QuestionVersion
from quizzes.models.evidence import Sitting


class SittingExtension(models.Model):
    """Minutes added to a running sitting, once per key (D15)."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="extensions")
    minutes = models.PositiveSmallIntegerField()
    reason = models.TextField()
    key = models.CharField(max_length=80)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    deadline_before = models.DateTimeField()
    deadline_after = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sitting", "key"], name="extended_once_per_key"),
            models.CheckConstraint(
                condition=models.Q(deadline_after__gt=models.F("deadline_before")), name="extension_grows"
            ),
        ]


class Void(models.Model):
    """A sitting that does not count, and why (D24); a row that undoes another makes it count again."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="voids")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Regrade(models.Model):
    """A corrected key, applied or undone: which attempts count differently, by whom and why (D17).

    `correction` is what `quizzes.rules.corrections.Correction` says; `changes` lists [attempt id, counts as right].
    """

    class Kind(models.TextChoices):
        KEY = "key"
        ACCEPT = "accept"
        CREDIT = "credit"
        VOID = "void"

    question = models.ForeignKey(Question, models.PROTECT, related_name="regrades")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    correction = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Rescoring(models.Model):
    """How far the scores have followed a regrade: the row is the truth, whoever works on it continues at `cursor`,
    the last sitting done."""

    regrade = models.OneToOneField(Regrade, models.PROTECT, related_name="rescoring")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    cursor = models.CharField(max_length=12, blank=True)
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)


class QuestionReport(models.Model):
    """A learner says that something is wrong with a question."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="reports")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    sitting = models.ForeignKey(Sitting, models.PROTECT, null=True, related_name="+")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    response = models.JSONField(null=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)


class Heartbeat(models.Model):
    """A stretch in which the house was alive; a gap of more than 30 s between two is an outage of ours (D20)."""

    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)


class Lease(models.Model):
    """Who may do a thing that only one process should do at a time, and until when."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField()
