"""The causes of a changed score. Their values are stored, and shown by the API and exports."""

from enum import StrEnum


class Cause(StrEnum):
    """Why a score changed: a kind of event and, for a person's action, its author and reason."""

    ATTEMPT = "attempt"
    START = "start"
    ENDED_BY_LEARNER = "ended by learner"
    ENDED_BY_DEADLINE = "ended by deadline"
    OVERRIDE = "override"
    OVERRIDE_UNDONE = "override undone"
    EXEMPTION = "exemption"
    EXEMPTION_UNDONE = "exemption undone"
    POINTS_GIVEN = "points given"
    POINTS_REMOVED = "points removed"
    VOID = "void"
    VOID_UNDONE = "void undone"
    REGRADE = "regrade"
    REGRADE_UNDONE = "regrade undone"
    LAB_TESTS = "lab tests"
    COURSE_LOAD = "course load"
    DATES = "later dates"

    @property
    def may_revoke(self) -> bool:
        """Return whether the cause may revoke a certificate. Only an instructor's action on the points may (D19)."""
        return self in REVOKING

    @property
    def is_about_counting(self) -> bool:
        """Return whether the cause changes what an item counts, and not its points (D31)."""
        return self in {Cause.EXEMPTION, Cause.EXEMPTION_UNDONE}

    @property
    def is_always_recorded(self) -> bool:
        """Return whether the history gets an entry even if the points stay: its comment may be new (D41)."""
        return self.is_about_counting or self is Cause.POINTS_GIVEN


REVOKING = frozenset(
    {
        Cause.OVERRIDE,
        Cause.OVERRIDE_UNDONE,
        Cause.EXEMPTION,
        Cause.EXEMPTION_UNDONE,
        Cause.POINTS_GIVEN,
        Cause.POINTS_REMOVED,
        Cause.VOID,
        Cause.VOID_UNDONE,
        Cause.REGRADE,
        Cause.REGRADE_UNDONE,
        Cause.DATES,
    }
)
