"""Assessments and questions. A question may change, but its versions never do, because records refer to them (D16)."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property

from course.rules.schedule import Dates
from foundation.ids import new_id
from foundation.opaque import OpaqueText
from grading.rules.lateness import LateTerms, terms_when_due
from quizzes.rules.disclosure import (
    UNENDED,
    UNENDED_RELEASED,
    DisclosurePolicy,
    DisclosureStage,
    disclosure_policy,
    once_released,
)
from quizzes.rules.teaching import TaughtSection


class Assessment(models.Model):
    """A graded set of questions: review questions of a module, or an exam with its pool. A module may have several."""

    class Kind(models.TextChoices):
        REVIEW = "review"
        EXAM = "exam"

    id = OpaqueText(primary_key=True, max_length=12, default=new_id, editable=False)
    course = models.ForeignKey("course.Course", models.PROTECT, related_name="+")
    module = models.ForeignKey("course.Module", models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind)
    # of its file: "two" for exam-two.yaml, "" for exam.yaml and review.yaml
    name = models.CharField(max_length=80, blank=True, default="", db_default="")
    title = models.CharField(max_length=200)
    time_limit = models.DurationField(null=True, blank=True)  # null: none, as in reviews and untimed exams
    draw = models.JSONField(default=list, blank=True)  # [{module, difficulty, count, points}]
    # {at_most, always}, if the exam says how its papers cover the objectives (D38)
    objectives = models.JSONField(default=dict, db_default={}, blank=True)
    # the objectives of an exam whose questions learners may practice (D45)
    practice = models.JSONField(default=list, db_default=[], blank=True)
    # {verdict, score, key, explanation}, if otherwise than usual (D33)
    show = models.JSONField(default=dict, db_default={}, blank=True)
    # {percent_per_day, grace_minutes, lowest_percent}, if there is a late policy (D34)
    late = models.JSONField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    source = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    is_retired = models.BooleanField(default=False)
    dates_vary = True  # not stored: whether a group or a learner may have other dates (`people.selectors.dates_vary`)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="assessment_key"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def file_name(self) -> str:
        """Return the name of its file in the folder of its module."""
        return f"{self.kind}-{self.name}.yaml" if self.name else f"{self.kind}.yaml"

    @property
    def title_among_all(self) -> str:
        """Return its title in a list of the whole course. The questions in review.yaml are named after their module."""
        is_untitled = self.kind == self.Kind.REVIEW and not self.name
        return self.module.title if is_untitled else self.title

    @cached_property
    def dates(self) -> Dates:
        """Return the dates in force: its own, within those of the module and the course."""
        own = Dates(self.opens_at, self.due_at, self.closes_at)
        return own.within(self.module.own_dates).within(self.course.own_dates)

    @cached_property
    def lessons_open_at(self) -> datetime | None:
        """Return when the lessons of its module open (D22)."""
        return self.module.own_dates.within(self.course.own_dates).opens_at

    @cached_property
    def late_terms(self) -> LateTerms | None:
        """Return how late answers count for everyone, or None without a late policy or a due date."""
        return terms_when_due(self.late, self.dates.due_at) if self.late else None

    @cached_property
    def disclosure(self) -> DisclosurePolicy:
        """Return when verdicts, score, keys and explanations of its questions are shown."""
        return disclosure_policy(self.kind, self.show)

    @cached_property
    def disclosure_from_now(self) -> DisclosurePolicy:
        """Return the policy as learners read it: what was released does not wait for a release."""
        return self.disclosure if self.released_at is None else once_released(self.disclosure, self.kind)

    @cached_property
    def unended_stage(self) -> DisclosureStage:
        """Return the stage of a learner before the assessment has ended for them."""
        return UNENDED if self.released_at is None else UNENDED_RELEASED


class Question(models.Model):
    """A question in all its versions; `current` is the newest. Questions are retired, never deleted (D23).

    `corrections` are the regrades in force, in order, so marking needs no further query (D17). `taught` is the section that
    teaches what it asks, and is known of published questions only (`PublishedQuestions`).
    """

    taught: TaughtSection | None = None
    variants: tuple[int, ...] = ()  # ids of the newest version's variants, in order; of published questions only
    reserve: tuple[int, ...] = ()  # ids of its variants that no exam draws (D45); of published questions only
    given: int = 0  # id of the variant that a learner was given (`PublishedQuestions.given_to`)
    id = OpaqueText(primary_key=True, max_length=12, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="questions")
    key = models.CharField(max_length=80)
    module_key = models.CharField(max_length=80, blank=True)  # the stratum of a pool question
    position = models.PositiveIntegerField(default=0)
    current = models.ForeignKey("QuestionVersion", models.PROTECT, null=True, related_name="+", editable=False)
    source = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    file = models.CharField(max_length=200, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    is_retired = models.BooleanField(default=False)
    # the lesson#section to read again, as the author wrote it; a version does not have it, because exams show versions
    taught_in = models.CharField(max_length=200, blank=True, default="", db_default="")
    corrections = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["assessment", "key"], name="question_key")]

    def __str__(self) -> str:
        return self.key


class QuestionVersion(models.Model):
    """One published state of a question; immutable. `body` may always be shown, `secret` only when the rules allow it.

    `source` is the question's own YAML as published, and `figures` has the SHA-256 of each file that it shows, by path.
    These two decide whether a text is another version. The HTML made from them (in `prompt_html`, `explanation_html`,
    `body` and `secret`) names the meaning of each part and not its look, so the current style sheet also shows old
    versions. Versions that were replaced before `source` was stored have an empty one.

    A question that draws its values is published as a bank of rows with the same `number`, one for each `variant` from 1
    on; a fixed question has variant 0 (D43). Those from 1001 on are for practice alone (D45).
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    variant = models.PositiveSmallIntegerField(default=0, db_default=0)
    type = models.CharField(max_length=20)
    source = models.TextField(blank=True)
    figures = models.JSONField(default=dict, blank=True)
    prompt = models.TextField()
    prompt_html = models.TextField()
    explanation = models.TextField(blank=True)
    explanation_html = models.TextField(blank=True)
    body = models.JSONField(default=dict)
    secret = models.JSONField(default=dict)
    points = models.DecimalField(max_digits=7, decimal_places=2)
    attempts_limit = models.PositiveSmallIntegerField()
    objective = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=10, blank=True)
    difficulty = models.PositiveSmallIntegerField(default=1)
    has_math = models.BooleanField(default=False)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "number", "variant"], name="question_variant"),
            models.CheckConstraint(condition=models.Q(points__gt=0), name="version_points"),
            models.CheckConstraint(condition=models.Q(attempts_limit__gte=1), name="version_attempts"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}" + (f" variant {self.variant}" if self.variant else "")
