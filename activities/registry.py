"""The registry of activities: each app with activities registers its kind once, when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grading.services import ScoreEntry


@dataclass(frozen=True)
class Evidence:
    """Facts that only the activities know, and that the decision about a certificate needs.

    `has_open_sitting` says whether a sitting of the learner is open in this course (D19). `counted_questions` holds, per
    activity, the ids of the questions that count (the basis of D23), or None if no certificate can be issued. `is_told`:
    the learner may know of a certificate at once (D33).
    """

    has_open_sitting: bool
    counted_questions: dict[str, list[str]] | None = None
    is_told: bool = True


type EvidenceFor = Callable[["ScoreEntry", datetime], Evidence | None]


@dataclass(frozen=True)
class ActivityKind:
    """What is asked of the activities of a kind. None where a kind has nothing to say.

    `evidence` returns the facts for the decision about a certificate, or None if no certificate would be given anyway.
    """

    name: str
    evidence: EvidenceFor | None = None


_kinds: dict[str, ActivityKind] = {}


def register_activities(kind: ActivityKind) -> None:
    """Let other rooms ask about the activities of a kind. Only one kind can know the evidence.

    Raises ValueError, a programming error, for a second kind with evidence.
    """
    others = [each.name for each in _kinds.values() if each.name != kind.name and each.evidence and kind.evidence]
    if others:
        raise ValueError(f"{others[0]} gives the evidence already")
    _kinds[kind.name] = kind


def evidence_for(entry: "ScoreEntry", now: datetime) -> Evidence | None:
    """Return the facts for the decision about a certificate after this entry, or None if it is not needed."""
    return next((kind.evidence(entry, now) for kind in _kinds.values() if kind.evidence), None)
