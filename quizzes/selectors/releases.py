"""Results, keys and explanations that assessments hold back until an instructor releases them, and who is affected (D33)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from people.selectors import learners_in
from quizzes.models import Assessment, Release, Sitting
from quizzes.refusals import Refusal
from quizzes.rules.disclosure import opens_early
from quizzes.selectors.sittings import IN_COURSE, assessments_in
from quizzes.selectors.stages import has_closed_for_all


@dataclass(frozen=True)
class ReleaseState:
    """An assessment with its release in force, if there is one.

    `finished` are the learners who took it to its end; of review questions, those who answered any. `open` is how many
    learners of the class can still sit the exam, or answer review questions: none, if it was removed from the course.
    """

    assessment: Assessment
    release: Release | None
    finished: tuple[int, ...]
    open: int

    @property
    def opens_early(self) -> bool:
        """Return whether some learners see the keys of an exam while others can still sit it."""
        return bool(self.open) and opens_early(self.assessment.disclosure_from_now, kind=self.assessment.kind)

    @property
    def is_held(self) -> bool:
        """Return whether a part of it waits for a release."""
        return waits_for_release(self.assessment)


def waits_for_release(assessment: Assessment) -> bool:
    """Return whether verdict, score, key or explanation of an assessment are shown only after a release."""
    return "release" in assessment.disclosure


def is_releasable(assessment: Assessment) -> bool:
    """Return whether a release can reach an assessment: a removed one only if it may withhold results, or they would stay
    withheld for ever.
    """
    return not assessment.is_retired or assessment.disclosure.is_verdict_delayed


def releases_in(course_id: int, now: datetime) -> list[ReleaseState]:
    """Return the state of every assessment of a course that a release can reach, in order, with removed ones at the end.

    Settle what is due before calling it (D9). Runs four queries, and up to two more for each assessment that has closed.
    """
    stored = assessments_in(course_id).order_by("is_retired", *IN_COURSE)
    assessments = [assessment for assessment in stored if is_releasable(assessment)]
    enrolled = set(learners_in(course_id).values_list("user", flat=True))
    finished: dict[str, set[int]] = defaultdict(set)
    rows = Sitting.objects.filter(assessment__in=assessments, is_void=False, learner__in=enrolled)
    ended = rows.exclude(assessment__kind=Assessment.Kind.EXAM, settled_at=None)
    for assessment_id, learner_id in ended.values_list("assessment", "learner"):
        finished[assessment_id].add(learner_id)
    in_force = Release.objects.filter(assessment__in=assessments, undoes=None, undone_by=None).select_related("author")
    newest = {row.assessment_id: row for row in in_force.order_by("pk")}

    def state(assessment: Assessment) -> ReleaseState:
        done = finished[assessment.pk]
        able = enrolled - done if assessment.kind == Assessment.Kind.EXAM else enrolled
        is_over = assessment.is_retired or has_closed_for_all(assessment, now)
        return ReleaseState(assessment, newest.get(assessment.pk), tuple(sorted(done)), 0 if is_over else len(able))

    return [state(assessment) for assessment in assessments]


def release_state(course_id: int, assessment_id: str, now: datetime) -> ReleaseState:
    """Return the state of one assessment of a course. Raises Refusal not_found."""
    for state in releases_in(course_id, now):
        if state.assessment.pk == assessment_id:
            return state
    raise Refusal("not_found")
