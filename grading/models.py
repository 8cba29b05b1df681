"""The gradebook. It does not know quizzes: an item refers to its activity by an opaque key."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.ids import new_id
from foundation.opaque import OpaqueText
from foundation.widening import WideNumber


class GradeCategory(models.Model):
    """A weighted group of items. The weights of a course sum to exactly 100, without those of extra categories. That is
    checked when the course is loaded.

    `members` are the keys of the activities that it takes; without any, it takes all of its kind that no other category
    names. `extra_members` are those whose items are extra.
    """

    course = models.ForeignKey("course.Course", models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    weight = models.DecimalField(max_digits=6, decimal_places=3)
    pass_percent = models.DecimalField(max_digits=6, decimal_places=3)
    of = models.CharField(max_length=12)
    position = models.PositiveIntegerField()
    drop_lowest = models.PositiveIntegerField(default=0, db_default=0)
    is_extra = models.BooleanField(default=False, db_default=False)
    members = models.JSONField(default=list, db_default=[], blank=True)
    extra_members = models.JSONField(default=list, db_default=[], blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "grade categories"
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="category_key"),
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=100), name="category_weight"),
        ]

    def __str__(self) -> str:
        return self.title


class GradeItem(models.Model):
    """A column of the gradebook: the points of one activity. `activity` is its opaque id, `url_name` its page.

    `winnable` lists what each question is worth (points as text) to a learner who has not started. `credited` maps the
    ids of questions whose points everyone gets, even without starting, to those points. `points_possible` is the sum of
    both. `late` holds the late terms of the activity, if it has any (D34).
    """

    category = models.ForeignKey(GradeCategory, models.PROTECT, related_name="items")
    activity = models.CharField(max_length=40, unique=True)
    url_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    points_possible = models.DecimalField(max_digits=9, decimal_places=2)
    winnable = models.JSONField(default=list)
    credited = models.JSONField(default=dict, blank=True)
    late = models.JSONField(null=True, blank=True)
    position = models.PositiveIntegerField()
    is_retired = models.BooleanField(default=False)
    is_extra = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class OwnColumn(models.Model):
    """A graded item without an activity, as course.yaml declares it: an oral exam, a project, attendance (D41).

    Its points are overrides of the gradebook's item with the same id. `category` is the key of the category that it names.
    """

    id = OpaqueText(primary_key=True, max_length=12, default=new_id, editable=False)
    course = models.ForeignKey("course.Course", models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    maximum = models.DecimalField(max_digits=9, decimal_places=2)
    category = models.CharField(max_length=80)
    due_at = models.DateTimeField(null=True, blank=True)
    is_extra = models.BooleanField(default=False)
    position = models.PositiveIntegerField()
    is_retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="own_column_key"),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="own_column_maximum"),
        ]

    def __str__(self) -> str:
        return self.title


class Score(models.Model):
    """A cell of the gradebook: one learner's current points, a pure function of the records (I7, I8).

    `points_answered` is what the questions answered so far are worth (D1). `winnable` lists the points of each question
    that is not final yet, as text. `points_late` is what right answers lost because they were late (D34). Two more
    decimals than an item's own points have are enough for whole percentages of them.
    """

    class State(models.TextChoices):
        NOT_STARTED = "not_started"
        IN_PROGRESS = "in_progress"
        DONE = "done"

    item = models.ForeignKey(GradeItem, models.PROTECT, related_name="scores")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="scores")
    points_earned = WideNumber(max_digits=11, decimal_places=4)
    points_possible = models.DecimalField(max_digits=9, decimal_places=2)
    points_answered = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    points_late = models.DecimalField(max_digits=11, decimal_places=4, default=0, db_default=0)
    winnable = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State, default=State.IN_PROGRESS)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "learner"], name="one_current_score"),
            models.CheckConstraint(
                condition=Q(points_earned__gte=0, points_earned__lte=models.F("points_possible")),
                name="score_within_points",
            ),
        ]


class GradeChange(models.Model):
    """One step of a score's history; append-only.

    `source_id` is the id of the record that asked for it, if one did for many learners: a regrade.
    """

    item = models.ForeignKey(GradeItem, models.PROTECT, related_name="changes")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    points_earned = WideNumber(max_digits=11, decimal_places=4)
    points_possible = models.DecimalField(max_digits=9, decimal_places=2)
    cause = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    source_id = models.PositiveBigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["learner", "item"], name="change_of_cell")]


class Override(models.Model):
    """Points that an instructor gave in place of the earned points (D18) or in a column (D41), or that the item does not
    count for the learner (D31). The newest record applies; without points and without an exemption, it withdraws the one
    before.
    """

    item = models.ForeignKey(GradeItem, models.PROTECT, related_name="overrides")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    points_earned = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    is_exempt = models.BooleanField(null=True)
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Certificate(models.Model):
    """Issued once per learner and course, with its basis (D19, D23). Append-only.

    The name comes from the enrollment, where it cannot be edited after the issue.
    """

    code = models.CharField(max_length=20, unique=True)
    course = models.ForeignKey("course.Course", models.PROTECT, related_name="+")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    issued_at = models.DateTimeField()
    pass_percent = models.DecimalField(max_digits=6, decimal_places=3)
    basis = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "learner"], name="one_certificate")]

    def __str__(self) -> str:
        return self.code


class CertificateEvent(models.Model):
    """The record that a certificate was revoked or restored. The newest event applies. Append-only.

    A revocation may give up the certificate's basis, and then has {} as its `basis`: the learner's grade follows the course
    again. The certificate is then restored with a new basis. Without a `basis`, the one before stays (D23).
    """

    class Kind(models.TextChoices):
        REVOKED = "revoked"
        RESTORED = "restored"

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    basis = models.JSONField(null=True, blank=True)
