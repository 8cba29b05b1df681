"""Whether a learner has begun to work in a course. People know no activities, so the rooms above register who knows."""

from collections.abc import Callable

type BegunCheck = Callable[[int, int], bool]

_checks: list[BegunCheck] = []


def register_begun(check: BegunCheck) -> None:
    """Let `check` tell, by the ids of a learner and a course, what a room keeps of their work. Call it once, when the app is
    ready.
    """
    _checks.append(check)


def has_begun_course(learner_id: int, course_id: int) -> bool:
    """Tell whether there is work of this learner in the course, or points given to them. Reading is not work.

    Call it under the lock of the learner's enrollment: work that is stored in the same moment waits for it.
    """
    return any(check(learner_id, course_id) for check in _checks)
