"""Sittings for instructors: running ones, and what was done to those of one learner."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from activities.kinds import TimeAdded
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import learners_in, within_sight
from quizzes.models import Sitting, SittingExtension, SittingPause, Void


def running_sittings(
    course_id: int, now: datetime, *, group: str = "", sight: LearnerSight = EVERYONE
) -> QuerySet[Sitting]:
    """Return the running exams of learners in sight, which can be extended, with learners and exams; of one group or all.

    The first to end comes first.
    """
    rows = Sitting.objects.all_open_at(now).filter(assessment__course_id=course_id)
    rows = within_sight(rows, sight)
    if group:
        rows = rows.filter(learner__in=learners_in(course_id, group=group).values("user"))
    return rows.select_related("learner", "assessment").prefetch_related("extensions").order_by("deadline_at", "pk")


def running_by_assessment(course_id: int, now: datetime) -> dict[str, int]:
    """Return how many exams are running, by assessment. Runs one query."""
    rows = Sitting.objects.all_open_at(now).filter(assessment__course_id=course_id).order_by()
    return dict(rows.values_list("assessment").annotate(Count("pk")))


def is_sitting_now(course_id: int, now: datetime) -> Exists:
    """Return, for a query of people (OuterRef "user_id"), whether one of their exams is running."""
    rows = Sitting.objects.all_open_at(now)
    return Exists(rows.filter(assessment__course_id=course_id, learner_id=OuterRef("user_id")))


def running_learners(course_id: int, learner_ids: Collection[int], now: datetime) -> QuerySet[Sitting, int]:
    """Return which of these learners have an open sitting in the course, by their ids."""
    rows = Sitting.objects.open_at(now).filter(learner_id__in=learner_ids, assessment__course_id=course_id)
    return rows.values_list("learner_id", flat=True)


def running_since(course_id: int, learner_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Return, by learner, when their open sitting in the course began. Learners without one are missing.

    A sitting that was void begins again when that is undone. Runs one query.
    """
    rows = Sitting.objects.open_at(now).filter(learner_id__in=learner_ids, assessment__course_id=course_id)
    begun = rows.annotate(since=Coalesce(Max("voids__created_at"), "started_at")).order_by("-since")
    return dict(begun.values_list("learner_id", "since"))  # of several, the first to begin


def time_added_to(learner_id: int, course_id: int) -> list[TimeAdded]:
    """Return the time added to a learner's sittings, newest first. Runs one query."""
    rows = SittingExtension.objects.filter(sitting__learner=learner_id, sitting__assessment__course=course_id)
    return [
        TimeAdded(
            row.created_at, row.sitting.assessment.title, row.reason, row.added, row.deadline_after, row.author_id
        )
        for row in rows.select_related("sitting__assessment").order_by("-pk")
    ]


def pause_of(sitting_id: str) -> SittingPause | None:
    """Return the pause of a sitting that is not recorded as ended. Runs one query."""
    return SittingPause.objects.filter(sitting=sitting_id, resumption=None).first()


def voids_of(learner_id: int, assessment_id: str) -> QuerySet[Void]:
    """Return the void records of a learner's exam sittings, newest first."""
    rows = Void.objects.filter(sitting__learner=learner_id, sitting__assessment=assessment_id)
    return rows.select_related("author").order_by("-pk")
