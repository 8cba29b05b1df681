"""Whose work somebody with a role in a course sees: every learner's, or that of the learners of some groups (D42)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LearnerSight:
    """Which learners of a course a person sees: everyone, or with `limit_id` those in the groups of this limit."""

    limit_id: int | None = None

    @property
    def is_limited(self) -> bool:
        return self.limit_id is not None


EVERYONE = LearnerSight()
