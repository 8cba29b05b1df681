"""What instructors do about sittings and questions, each with its reason, and what learners report to them. Append-only,
except `Rescoring`, reports, and notes that can be deleted.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models

from questions.rules.attempts import MOST_EXTRA_ATTEMPTS
from quizzes.models.content import Assessment, Question, QuestionVersion
from quizzes.models.sittings import Sitting


class SittingExtension(models.Model):
    """Time added to a running sitting, once per key (D15): `deadline_after - deadline_before`, in whole seconds.

    `minutes` is that time rounded up, for machines of the last release.
    """

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

    @property
    def added(self) -> timedelta:
        return self.deadline_after - self.deadline_before

    @property
    def seconds(self) -> int:
        return self.added // timedelta(seconds=1)


class SittingPause(models.Model):
    """A pause of a running sitting, at the latest until `ends_at` (D32)."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="pauses")
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("created_at")), name="pause_ends_later")
        ]


class SittingResumption(models.Model):
    """The end of a pause, which moved the deadline by the time of the pause. No author: the pause ended at its latest end."""

    pause = models.OneToOneField(SittingPause, models.PROTECT, related_name="resumption")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resumed_at = models.DateTimeField()
    deadline_before = models.DateTimeField()
    deadline_after = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deadline_after__gte=models.F("deadline_before")), name="pause_never_shortens"
            )
        ]


class ExtraAttempts(models.Model):
    """How many attempts more than usual a learner has at each question of an assessment (D35). The newest row applies.

    Append-only. The reason is stored in ExtraAttemptsNote instead.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+")
    extra = models.PositiveSmallIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "extra attempts"
        constraints = [
            models.CheckConstraint(condition=models.Q(extra__lte=MOST_EXTRA_ATTEMPTS), name="extra_attempts_most")
        ]
        indexes = [models.Index(fields=["learner", "assessment"], name="extra_attempts_of_learner")]


class ExtraAttemptsNote(models.Model):
    """Why a learner has extra attempts. This may be health data, so only its own page shows it, and it can be deleted."""

    given = models.OneToOneField(ExtraAttempts, models.CASCADE, related_name="note")
    text = models.TextField()


class Void(models.Model):
    """The record that a sitting does not count, with the reason (D24). A row that undoes another makes the sitting count again."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="voids")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Release(models.Model):
    """The record that an instructor released what an assessment holds back, or, if it undoes another, held it back again (D33).

    `Assessment.released_at` is set while the newest release is not undone.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="releases")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Regrade(models.Model):
    """A correction of a question, applied or undone: which attempts are re-marked, the author and the reason (D17).

    `correction` is a stored `quizzes.rules.corrections.Correction`; `changes` lists [attempt id, counts as correct].
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
    """How many scores a regrade has recomputed. Any worker may continue after `cursor`, the last learner done."""

    regrade = models.OneToOneField(Regrade, models.PROTECT, related_name="rescoring")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    cursor = models.CharField(max_length=12, blank=True)
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)


class QuestionReport(models.Model):
    """A learner's report that something is wrong with a question."""

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

    @property
    def about(self) -> str:
        """Return the name of the question, as the course's folder has it."""
        return self.question.key
