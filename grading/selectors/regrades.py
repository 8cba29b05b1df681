"""What a regrade changes, whatever the kind of the activity: in a dry run, and afterward."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from django.db.models import QuerySet

from grading.models import GradeChange
from grading.rules.causes import Cause
from grading.selectors.gradebook import changes_made_by
from people.selectors import learners_named

if TYPE_CHECKING:
    from grading.services import Effect

SHOWN = 200  # learners in a dry run's table; the counts include all


class AppliedRegrade(Protocol):
    """The record of a regrade, which has a reason and may undo another."""

    pk: int
    undoes_id: int | None
    author_id: int
    reason: str
    created_at: datetime


class DryRun(Protocol):
    """What a regrade would do."""

    @property
    def changes(self) -> Sequence[object]: ...

    @property
    def effects(self) -> "Sequence[Effect]": ...


def changes_of_regrade(regrade: AppliedRegrade, *, activity: str, until: datetime | None) -> QuerySet[GradeChange]:
    """Return how a regrade changed the scores of its activity; `until` is its end, None while it continues."""
    return changes_made_by(
        activity=activity,
        cause=Cause.REGRADE if regrade.undoes_id is None else Cause.REGRADE_UNDONE,
        source_id=regrade.pk,
        author_id=regrade.author_id,
        reason=regrade.reason,
        since=regrade.created_at,
        until=until,
    )


def name_learners(course_id: int, changes: Iterable[GradeChange]) -> None:
    """Give each of these changes the `name` of its learner. Runs one query."""
    names = learners_named(course_id, [change.learner_id for change in changes])
    for change in changes:
        change.name = names.get(change.learner_id, "")


def effect_lines(course_id: int, plan: DryRun | None) -> list[dict[str, object]]:
    """Return the lines of a dry run with names, the largest changes first; none without a dry run."""
    if plan is None:
        return []
    weighty = sorted(plan.effects, key=lambda effect: (not effect.certificate, not effect.crosses, effect.learner_id))
    shown = weighty[:SHOWN]
    names = learners_named(course_id, [effect.learner_id for effect in shown])
    return [{"name": names.get(effect.learner_id, ""), "effect": effect} for effect in shown]


def plan_tally(plan: DryRun | None) -> dict[str, int]:
    """Return the counts of a dry run; none without one."""
    if plan is None:
        return {}
    effects = plan.effects
    return {
        "changes": len(plan.changes),
        "learners": len(effects),
        "rise": sum(effect.after.exact > effect.before.exact for effect in effects),
        "fall": sum(effect.is_fall for effect in effects),
        "pass": sum(effect.crosses and effect.after.has_passed for effect in effects),
        "fail": sum(effect.crosses and not effect.after.has_passed for effect in effects),
        "issued": sum(effect.certificate == "issued" for effect in effects),
        "revoked": sum(effect.certificate == "revoked" for effect in effects),
        "restored": sum(effect.certificate == "restored" for effect in effects),
        "more": max(len(effects) - SHOWN, 0),
    }
