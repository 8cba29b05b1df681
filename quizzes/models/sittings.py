"""Records of what learners did. Services enforce the rules; the constraints here are the last safeguard."""

from datetime import datetime
from operator import attrgetter
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.ids import new_id
from foundation.opaque import OpaqueText
from quizzes.models.content import Assessment, Question, QuestionVersion
from quizzes.rules.timing import CLOCK_FIELDS, SETTLEMENT, SittingClock

STORED_TIMES = attrgetter(*CLOCK_FIELDS)


class SittingQuerySet(models.QuerySet["Sitting"]):
    """The states of `quizzes.rules.timing` as filters, which never include void sittings."""

    def open_at(self, now: datetime) -> Self:
        """Return sittings with a deadline that were not handed in and are not settled at `now`, as `is_open` decides.

        They can be extended, and their learners get no certificate until they are settled (D15, D19).
        """
        return self.filter(ends_after(now - SETTLEMENT), is_void=False, submitted_at=None)

    def all_open_at(self, now: datetime) -> Self:
        """Return what `open_at` returns, for queries that name no learner.

        The further condition, which every open sitting meets, lets the database use the index `sitting_due`.
        """
        return self.open_at(now).filter(settled_at__isnull=True)

    def with_time_left(self, now: datetime) -> Self:
        """Return open sittings whose deadline has not passed, for which `is_time_up` is false."""
        return self.all_open_at(now).filter(ends_after(now))

    def due_at(self, now: datetime) -> Self:
        """Return sittings that are settled at `now` by their deadline, but not yet recorded as settled (D9)."""
        unsettled = self.filter(settled_at__isnull=True, deadline_at__isnull=False, is_void=False)
        has_ended = Q(latest_deadline_at__isnull=True) | Q(latest_deadline_at__lte=now - SETTLEMENT)
        return unsettled.filter(has_ended, deadline_at__lte=now - SETTLEMENT)

    def ungraded_due_at(self, now: datetime) -> Self:
        """Return rehearsals and test runs that are settled at `now` by their deadline, but not yet recorded as settled (D46).

        None of them is ever paused.
        """
        return self.filter(settled_at__isnull=True, deadline_at__lte=now - SETTLEMENT).exclude(kind="graded")


class GradedSittings(models.Manager.from_queryset(SittingQuerySet)):  # type: ignore[misc]
    """The sittings that grades, analyses and figures may count. Rehearsals and test runs are in `Sitting.every` alone (D46)."""

    def get_queryset(self) -> SittingQuerySet:
        queryset: SittingQuerySet = super().get_queryset()
        return queryset.filter(kind="graded")


def ends_after(instant: datetime) -> Q:
    """Return the condition that a sitting's deadline is later, with the whole time of its pause (D32)."""
    return Q(deadline_at__gt=instant) | Q(latest_deadline_at__gt=instant)


class Sitting(models.Model):
    """One learner's run of an assessment. Writes wait for the lock of the learner's enrollment.

    An exam sitting has a deadline, and each learner has at most one that is not void (I1). A review sitting has none,
    and exists from the first draft, attempt or flag on. `accepts_until` is the deadline plus the network grace (D6).

    `paused_at` is set while a pause is not recorded as ended; `latest_deadline_at` is the deadline if the pause lasts to its
    latest end (D32).

    `option_order` is the number by which options, pairs and items are shuffled, or None for the order of the file (D40).

    `is_untimed`: the exam had no time limit at Start, so the deadline is its closing time, or NO_END (D36).

    A rehearsal or a test run is an ungraded sitting of an exam (D46). It is void from its Start on, so that the machines of
    an earlier release count it no more than today's code does.
    """

    class Kind(models.TextChoices):
        GRADED = "graded"
        REHEARSAL = "rehearsal"
        TEST_RUN = "test_run"

    class Ending(models.TextChoices):
        LEARNER = "learner"
        DEADLINE = "deadline"

    id = OpaqueText(primary_key=True, max_length=12, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="sittings")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sittings")
    seed = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    accepts_until = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=8, choices=Ending, blank=True)
    is_void = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True, blank=True)
    latest_deadline_at = models.DateTimeField(null=True, blank=True)
    is_untimed = models.BooleanField(default=False, db_default=False)
    option_order = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.GRADED, db_default="graded", editable=False)

    objects = GradedSittings()
    every = SittingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "assessment"], condition=Q(is_void=False), name="one_sitting_not_void"
            ),
            models.CheckConstraint(
                condition=Q(deadline_at__isnull=True, accepts_until__isnull=True)
                | Q(deadline_at__gt=F("started_at"), accepts_until__gt=F("deadline_at")),
                name="deadline_after_start",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True)
                | Q(accepts_until__isnull=True)
                | Q(submitted_at__lte=F("accepts_until")),
                name="submitted_in_time",
            ),
            models.CheckConstraint(
                condition=~Q(ended_by="deadline") | Q(submitted_at=F("deadline_at")), name="expired_at_deadline"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, ended_by="") | Q(submitted_at__isnull=False) & ~Q(ended_by=""),
                name="ended_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, latest_deadline_at__isnull=True)
                | Q(
                    submitted_at__isnull=True,
                    paused_at__isnull=False,
                    latest_deadline_at__isnull=False,
                    paused_at__gte=F("started_at"),
                    paused_at__lt=F("deadline_at"),
                    latest_deadline_at__gt=F("deadline_at"),
                ),
                name="paused_with_time_left",
            ),
            models.CheckConstraint(
                condition=Q(kind="graded") | Q(is_void=True, deadline_at__isnull=False), name="ungraded_is_void"
            ),
            models.UniqueConstraint(
                fields=["learner", "assessment", "kind"],
                condition=~Q(kind="graded") & Q(settled_at__isnull=True),
                name="one_ungraded_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline_at"],
                condition=Q(settled_at__isnull=True, deadline_at__isnull=False, is_void=False),
                name="sitting_due",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def clock(self) -> SittingClock:
        """Return the stored times, for the decisions of `quizzes.rules.timing`."""
        return SittingClock(*STORED_TIMES(self))


class SittingQuestion(models.Model):
    """A question in a sitting: its pinned version and position, and the learner's draft and flag.

    An exam pins the version at Start. A review pins it at the first attempt, and shows the newest version until then.
    `draft` is null before the first save and after a Check; `revision` counts saves and Checks (D7).
    """

    sitting = models.ForeignKey(
        Sitting, models.PROTECT, related_name="questions", db_index=False
    )  # one_row_per_question
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(QuestionVersion, models.PROTECT, null=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    points = models.DecimalField(max_digits=7, decimal_places=2)
    draft = models.JSONField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    is_flagged = models.BooleanField(default=False)
    is_seen = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sitting", "question"], name="one_row_per_question")]
        indexes = [models.Index(fields=["question", "sitting"], name="row_of_question")]


class Attempt(models.Model):
    """One graded response, checked or graded at the end; append-only.

    The limit and the last allowed instant are copied to the row, so that the database itself can refuse an attempt
    beyond the limit (I6) or too late (I3). `is_correct` is the outcome under the key of its version and never changes;
    the outcome under the question's corrections counts (`quizzes.selectors.is_attempt_right`). `is_reopened`: made
    after a regrade had changed a correct response to incorrect.
    """

    class By(models.TextChoices):
        LEARNER = "learner"
        DEADLINE = "deadline"  # a draft that was graded when the sitting ended, also by handing in

    sitting = models.ForeignKey(
        Sitting, models.PROTECT, related_name="attempts", db_index=False
    )  # one_attempt_per_number
    question = models.ForeignKey(Question, models.PROTECT, related_name="attempts", db_index=False)
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    attempts_limit = models.PositiveSmallIntegerField()
    response = models.JSONField()
    is_correct = models.BooleanField()
    points_earned = models.DecimalField(max_digits=7, decimal_places=2)
    received_at = models.DateTimeField()
    accepts_until = models.DateTimeField(null=True, blank=True)
    is_in_grace = models.BooleanField(default=False)
    by = models.CharField(max_length=8, choices=By, default=By.LEARNER)
    is_reopened = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "question", "number"], name="one_attempt_per_number"),
            models.UniqueConstraint(
                fields=["sitting", "question"],
                condition=Q(is_correct=True, is_reopened=False),
                name="final_when_correct",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=F("attempts_limit")), name="attempt_within_limit"
            ),
            models.CheckConstraint(
                condition=Q(accepts_until__isnull=True) | Q(received_at__lte=F("accepts_until")),
                name="attempt_in_time",
            ),
        ]
        indexes = [models.Index(fields=["question", "sitting"], name="attempts_at_question")]
