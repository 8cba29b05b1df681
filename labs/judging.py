"""The published programs that judge learners' code, and the versions of labs that were tried."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labs.models import Lab, PassedTryout, Tryout
from labs.rules.trying import tried_digest


def unfinished_or_failed(author_id: int, course_id: int, digest: str) -> Tryout | None:
    """Return the author's tryout of exactly these programs if it goes on or has found a problem."""
    for tryout in Tryout.objects.filter(author=author_id, course=course_id):
        has_problem = any(row["problems"] for row in tryout.results)
        if (tryout.finished_at is None or has_problem) and _tried(tryout) == digest:
            return tryout
    return None


def _tried(tryout: Tryout) -> str:
    return tried_digest(tryout.files, tryout.runtime, tryout.limits)


def passed_among(digests: Collection[str]) -> set[str]:
    """Return those of these digests whose programs passed every trial on this site. Runs one query."""
    return set(PassedTryout.objects.filter(digest__in=digests).values_list("digest", flat=True))


@dataclass(frozen=True)
class JudgingLab:
    """A published lab with what decides points in it: `tests` are their names and points, `tried` its programs' digest."""

    title: str
    tests: Sequence[Mapping[str, Any]]
    tried: str


def judging_labs(course_id: int) -> dict[str, JudgingLab]:
    """Return the published labs of a course by key. Runs one query."""
    rows = Lab.objects.filter(course_id=course_id, is_retired=False).order_by("pk")
    return {lab.key: JudgingLab(lab.title, lab.tests, lab.tried) for lab in rows}
