"""Notices to a learner about instructors' changes: what, when and why (D18)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from activities.registry import time_added
from grading.rules.arithmetic import points_text
from grading.selectors import ScoreChange, score_changes
from people.selectors import accommodations_of

type NoticeKind = Literal["points", "minutes", "time"]


@dataclass(frozen=True)
class Notice:
    """One change.

    `points`: an item's points before and after, with the `cause`. `minutes`: time `added` to an exam, which then ended at
    `until`. `time`: the multiplier of exams started later, whose reason is private. `is_personal`: the reason is about the
    learner.
    """

    kind: NoticeKind
    at: datetime
    title: str
    reason: str
    cause: str = ""
    before: str = ""
    after: str = ""
    possible: str = ""
    added: timedelta = timedelta()
    until: datetime | None = None
    multiplier: Decimal | None = None
    author_id: int | None = None
    is_personal: bool = True


def notices_for(learner_id: int, course_id: int, hidden: Collection[str] = ()) -> list[Notice]:
    """Return the notices, newest first. Points of activities in `hidden` are left out. Runs three queries."""
    points = [of_step(step) for step in score_changes(learner_id, course_id, hidden=hidden) if step.reason]
    minutes = [
        Notice(
            "minutes",
            extension.at,
            extension.title,
            extension.reason,
            added=extension.added,
            until=extension.until,
            author_id=extension.author_id,
        )
        for extension in time_added(learner_id, course_id)
    ]
    time = [
        Notice("time", row.created_at, "", "", multiplier=row.multiplier)
        for row in accommodations_of(learner_id, course_id)
    ]
    return sorted([*points, *minutes, *time], key=lambda notice: notice.at, reverse=True)


def of_step(step: ScoreChange) -> Notice:
    return Notice(
        "points",
        step.at,
        step.title,
        step.reason,
        cause=step.cause,
        before=points_text(step.before or Decimal(0)),
        after=points_text(step.after),
        possible=points_text(step.possible),
        author_id=step.author_id,
        is_personal=step.is_personal,
    )
