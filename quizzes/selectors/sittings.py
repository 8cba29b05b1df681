"""Which sittings a person has, and which of them are open, due or not settled yet."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, Count, DateTimeField, Exists, OuterRef, QuerySet, Subquery, Value

from activities.kinds import OpenSitting
from foundation.fast.prepared import PreparedQuery
from people.selectors import dates_vary, learners_in
from quizzes.models import Assessment, Attempt, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.rules.timing import CLOCK_FIELDS, SittingClock, deadline_as_of, is_open, is_paused


def assessment_by_id(assessment_id: str) -> Assessment:
    """Return an assessment. Raises Refusal not_found."""
    rows = Assessment.objects.select_related("course", "module")
    assessment = rows.filter(pk=assessment_id, is_retired=False).first()
    if assessment is None:
        raise Refusal("not_found")
    return assessment


def assessment_of(question_id: str) -> Assessment:
    """Return the assessment that a question belongs to. Raises Refusal not_found."""
    rows = Assessment.objects.select_related("course", "module")
    assessment = rows.filter(questions=question_id, is_retired=False).first()
    if assessment is None:
        raise Refusal("not_found")
    return assessment


IN_COURSE = ("position", "-kind", "pk")


def assessments_in(course_id: int) -> QuerySet[Assessment]:
    """Return the assessments of a course, removed ones included, with their modules and the course."""
    return Assessment.objects.filter(course_id=course_id).select_related("module", "course")


def assessments_of(course_id: int) -> list[Assessment]:
    """Return the assessments in order, with their modules and the course. Runs one query."""
    rows = assessments_in(course_id).annotate(dates_vary=dates_vary())
    return list(rows.filter(is_retired=False).order_by(*IN_COURSE))


def sitters_by_assessment(course_id: int) -> dict[str, int]:
    """Return how many learners have begun each assessment, by the assessment's key. Runs one query."""
    rows = Sitting.objects.filter(assessment__course_id=course_id, is_void=False).values_list("assessment__key")
    return dict(rows.annotate(Count("learner", distinct=True)).order_by())


def sitting_of(learner_id: int, sitting_id: str) -> Sitting:
    """Return the learner's own sitting. Raises Refusal not_found for any other."""
    rows = Sitting.objects.select_related("assessment__course")
    sitting = rows.filter(pk=sitting_id, learner_id=learner_id).first()
    if sitting is None:
        raise Refusal("not_found")
    return sitting


def learner_of_sitting(course_id: int, sitting_id: str) -> int:
    """Return the id of the learner of a sitting in the course. Raises Refusal not_found."""
    rows = Sitting.objects.filter(pk=sitting_id, assessment__course_id=course_id)
    learner_id = rows.values_list("learner_id", flat=True).first()
    if learner_id is None:
        raise Refusal("not_found")
    return learner_id


def has_sitting(learner_id: int, course_id: int) -> bool:
    """Tell whether the learner has answered, drafted or started anything in a course; void sittings count."""
    return Sitting.objects.filter(learner_id=learner_id, assessment__course_id=course_id).exists()


def sittings_in(course_id: int, learner_id: int) -> list[Sitting]:
    """Return a learner's exam sittings in a course, newest first, void ones included."""
    rows = Sitting.objects.filter(assessment__course_id=course_id, learner_id=learner_id, deadline_at__isnull=False)
    return list(rows.select_related("assessment").order_by("-started_at"))


def answered_reviews_query(learner_id: int) -> QuerySet[Any, Any]:
    """Return the review questions that a learner began, in every course: the id of each assessment, when they last saved a
    draft there, when they last checked a response, and NULL twice, so that the rows fit beside those of lessons.
    """
    mine = {"sitting": OuterRef("pk")}
    drafts = SittingQuestion.objects.filter(**mine, saved_at__isnull=False).order_by("-saved_at").values("saved_at")
    attempts = Attempt.objects.filter(**mine).order_by("-received_at").values("received_at")
    return (
        Sitting.objects.filter(learner_id=learner_id, is_void=False, deadline_at__isnull=True)
        .annotate(
            drafted_at=Subquery(drafts[:1]),
            checked_at=Subquery(attempts[:1]),
            no_section=Value(None, CharField()),
            no_time=Value(None, DateTimeField()),
        )
        .values_list("assessment_id", "drafted_at", "checked_at", "no_section", "no_time")
    )


class UnsettledSitting(NamedTuple):
    """A sitting with a deadline that is not recorded as settled yet: it is open, or due."""

    pk: str
    assessment_id: str
    course_id: int
    title: str
    is_enrolled: bool
    clock: SittingClock

    @property
    def is_abandoned(self) -> bool:
        """Return whether it never ends: it has no time limit, and its learner, who is not enrolled, cannot hand it in."""
        return self.clock.is_untimed and not self.is_enrolled


def unsettled_of(learner_id: int) -> QuerySet[Sitting]:
    return Sitting.objects.filter(
        learner_id=learner_id, is_void=False, settled_at__isnull=True, deadline_at__isnull=False
    )


UNSETTLED = PreparedQuery(
    lambda learner_id: (
        unsettled_of(learner_id)
        .order_by("pk")
        .annotate(is_enrolled=Exists(learners_in(OuterRef("assessment__course")).filter(user=OuterRef("learner"))))
        .values_list("pk", "assessment_id", "assessment__course_id", "assessment__title", "is_enrolled", *CLOCK_FIELDS)
    ),
    learner_id=int,
)
CLOCK = PreparedQuery(
    lambda learner_id, sitting_id: (
        unsettled_of(learner_id)
        .filter(pk=sitting_id)
        .exclude(assessment__course__visibility="hidden")
        .values_list(*CLOCK_FIELDS)
    ),
    learner_id=int,
    sitting_id=str,
)


def unsettled_sittings(learner_id: int) -> list[UnsettledSitting]:
    """Return this learner's sittings that are open or due, in every course. Runs one query."""
    return [UnsettledSitting(*row[:5], SittingClock(*row[5:])) for row in UNSETTLED(learner_id=learner_id)]


def unsettled_clock(learner_id: int, sitting_id: str) -> SittingClock:
    """Return the clock of a learner's sitting that is open or due, in a course that is not hidden. Runs one query.

    Raises Refusal not_found for any other.
    """
    rows = CLOCK(learner_id=learner_id, sitting_id=sitting_id)
    if not rows:
        raise Refusal("not_found")
    return SittingClock(*rows[0])


def open_sitting_in(sittings: Iterable[UnsettledSitting], now: datetime) -> OpenSitting | None:
    """Return what `open_sitting_of` returns, from sittings that are loaded. Runs no query."""
    running = [sitting for sitting in sittings if is_open(sitting.clock, now) and not sitting.is_abandoned]
    first = min(running, key=ends_first, default=None)
    if first is None:
        return None
    return OpenSitting(
        first.pk,
        first.assessment_id,
        first.course_id,
        first.title,
        deadline_as_of(first.clock, now),
        is_paused(first.clock, now),
        first.clock.is_untimed,
    )


def ends_first(sitting: UnsettledSitting) -> tuple[bool, datetime | None, str]:
    """Return the order of running exams: with a time limit, then by their ends."""
    return sitting.clock.is_untimed, sitting.clock.deadline_at, sitting.pk


def open_sitting_of(learner_id: int, now: datetime) -> OpenSitting | None:
    """Return this learner's running exam, for the banner on every page. Runs one query.

    Of several, those with a time limit come first, and of these the one that ends first. An exam without a time limit
    counts only while the learner is enrolled.
    """
    return open_sitting_in(unsettled_sittings(learner_id), now)


def has_running_exam(learner_id: int, now: datetime) -> bool:
    """Return whether an exam of this learner is running. Runs one query."""
    return open_sitting_of(learner_id, now) is not None


def running_exam_since(learner_id: int) -> datetime | None:
    """Return when the learner started an exam that is not settled or abandoned, or None. Runs one query."""
    rows = unsettled_sittings(learner_id)
    return min((row.clock.started_at for row in rows if not row.is_abandoned), default=None)


def due_sittings(
    *, now: datetime, learner_id: int | None = None, course_id: int | None = None, sitting_id: str | None = None
) -> list[tuple[str, int, int]]:
    """Return (sitting, learner, course) of every sitting that is due at `now` and not recorded as settled: of the learner,
    in the course, or the one with this id. Runs one query.
    """
    scope = {"learner_id": learner_id, "assessment__course_id": course_id, "pk": sitting_id}
    due = Sitting.objects.due_at(now).filter(**{name: value for name, value in scope.items() if value is not None})
    return list(due.values_list("pk", "learner_id", "assessment__course_id"))
