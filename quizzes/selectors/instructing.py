"""Sittings as instructors see them: those that run, all of a learner's with their evidence, and our own outages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from quizzes import types
from quizzes.models import (
    Assessment,
    Attempt,
    Heartbeat,
    Question,
    Sitting,
    SittingExtension,
    SittingQuestion,
    Void,
)
from quizzes.rules.timing import SETTLEMENT
from quizzes.selectors.outcomes import corrections_of, is_right, shown_key

LONGEST_PULSE = timedelta(seconds=30)


def running_sittings(course_id: int, now: datetime) -> QuerySet[Sitting]:
    """The exams that run, to which minutes can be added, the next to end first: with learners and exams."""
    rows = Sitting.objects.filter(
        assessment__course_id=course_id, is_void=False, submitted_at=None, deadline_at__gt=now - SETTLEMENT
    )
    return rows.select_related("learner", "assessment").prefetch_related("extensions").order_by("deadline_at", "pk")


def is_sitting_now(course_id: int, now: datetime) -> Exists:
    """For a statement over people (OuterRef "user_id"): does an exam of theirs run?"""
    rows = Sitting.objects.filter(assessment__course_id=course_id, learner_id=OuterRef("user_id"), is_void=False)
    return Exists(rows.filter(submitted_at=None, deadline_at__gt=now - SETTLEMENT))


@dataclass(frozen=True)
class Outage:
    """A gap of ours, the sittings that were open in it and still run, and those that it outlived.

    `minutes` are what it took, rounded up; `key` names it, so that they are given once.
    """

    key: str
    began_at: datetime
    ended_at: datetime
    minutes: int
    running: tuple[Sitting, ...]
    settled: tuple[Sitting, ...]


def outages_to_make_good(course_id: int, now: datetime) -> list[Outage]:
    """Our gaps of the last day in which sittings were open that were not given the lost minutes yet (D20).

    Four statements at most, however many learners sat.
    """
    since = now - timedelta(days=1)
    beats = Heartbeat.objects.filter(beat_at__gt=since).order_by("started_at")
    gaps = [(one, two) for one, two in pairwise(beats) if two.started_at - one.beat_at > LONGEST_PULSE]
    if not gaps:
        return []
    sittings = list(
        Sitting.objects.filter(assessment__course_id=course_id, is_void=False, deadline_at__gt=gaps[0][0].beat_at)
        .select_related("learner", "assessment")
        .order_by("pk")
    )
    given = set(SittingExtension.objects.filter(sitting__in=sittings).values_list("sitting_id", "key"))
    found = (outage_between(one, two, sittings, given, now) for one, two in gaps)
    return [outage for outage in found if outage.running or outage.settled]


def outage_between(
    one: Heartbeat, two: Heartbeat, sittings: list[Sitting], given: set[tuple[str, str]], now: datetime
) -> Outage:
    began, ended, key = one.beat_at, two.started_at, f"outage-{two.pk}"
    hit = [found for found in sittings if was_open(found, began, ended) and (found.pk, key) not in given]
    alive = [found for found in hit if found.submitted_at is None and found.deadline_at + SETTLEMENT > now]
    return Outage(
        key=key,
        began_at=began,
        ended_at=ended,
        minutes=max(-(-(ended - began) // timedelta(minutes=1)), 1),
        running=tuple(alive),
        settled=tuple(found for found in hit if found not in alive and found.ended_by != Sitting.Ending.LEARNER),
    )


def was_open(sitting: Sitting, began: datetime, ended: datetime) -> bool:
    """Did the gap take something of its time?"""
    last = sitting.submitted_at or sitting.deadline_at
    return sitting.started_at < ended and last is not None and last > began


@dataclass(frozen=True)
class Checked:
    """An attempt as its learner saw it: `result` are the facts of its type's result template."""

    attempt: Attempt
    type: types.QuestionType
    result: dict[str, Any]
    counts: bool

    @property
    def is_corrected(self) -> bool:
        return self.counts is not self.attempt.is_correct


@dataclass(frozen=True)
class Asked:
    """A question of a sitting with every attempt on it; `draft_text` is what was saved and not checked."""

    question: Question
    position: int
    attempts: tuple[Checked, ...]
    key_text: str
    draft_text: str


@dataclass(frozen=True)
class SittingRecord:
    """A sitting with everything that happened in it and to it."""

    sitting: Sitting
    asked: tuple[Asked, ...]
    extensions: tuple[SittingExtension, ...]
    voids: tuple[Void, ...]


def sitting_records(assessment: Assessment, learner_id: int) -> list[SittingRecord]:
    """Every sitting of a learner in an assessment, void ones too, the one that counts first: six statements."""
    sittings = Sitting.objects.filter(assessment=assessment, learner_id=learner_id).order_by("is_void", "-started_at")
    found = sittings.prefetch_related("extensions__author", "voids__author")
    attempts: dict[tuple[str, str], list[Attempt]] = {}
    for attempt in Attempt.objects.filter(sitting__in=found).select_related("version", "question").order_by("number"):
        attempts.setdefault((attempt.sitting_id, attempt.question_id), []).append(attempt)
    rows: dict[str, list[SittingQuestion]] = {}
    for row in SittingQuestion.objects.filter(sitting__in=found).select_related("question__current", "version"):
        rows.setdefault(row.sitting_id, []).append(row)
    return [
        SittingRecord(
            sitting=sitting,
            asked=tuple(asked_of(rows.get(sitting.pk, []), attempts)),
            extensions=tuple(sitting.extensions.all()),
            voids=tuple(sorted(sitting.voids.all(), key=lambda void: void.pk)),
        )
        for sitting in found
    ]


def asked_of(rows: list[SittingQuestion], attempts: dict[tuple[str, str], list[Attempt]]) -> Iterator[Asked]:
    for position, row in enumerate(sorted(rows, key=lambda row: row.position), start=1):
        version = row.version or row.question.current
        assert version is not None
        corrections = corrections_of(row.question)
        kind = types.get(version.type)
        yield Asked(
            question=row.question,
            position=position,
            attempts=tuple(checked(attempt) for attempt in attempts.get((row.sitting_id, row.question_id), [])),
            key_text=shown_key(version, corrections)[1],
            draft_text="" if row.draft is None else kind.describe(version.body, row.draft),
        )


def checked(attempt: Attempt) -> Checked:
    kind = types.get(attempt.version.type)
    key, _words = shown_key(attempt.version, corrections_of(attempt.question))
    result = kind.context(attempt.version.body, attempt.response, key)
    return Checked(attempt, kind, result, is_right(attempt))


def extensions_of(learner_id: int, course_id: int) -> QuerySet[SittingExtension]:
    """Minutes that were added to a learner's sittings, the newest first."""
    rows = SittingExtension.objects.filter(sitting__learner=learner_id, sitting__assessment__course=course_id)
    return rows.select_related("sitting__assessment", "author").order_by("-pk")


def voids_of(learner_id: int, assessment_id: str) -> QuerySet[Void]:
    """What was said of a learner's void sittings of an exam, the newest first."""
    rows = Void.objects.filter(sitting__learner=learner_id, sitting__assessment=assessment_id)
    return rows.select_related("author").order_by("-pk")
