"""Recompute scores after a load changed questions. A regrade is followed in `regrade_scores`."""

from collections.abc import Collection

from course.services import lock_learners
from grading.services import GradeAction
from quizzes.models import Sitting
from quizzes.services.scoring import rescore


def rescore_assessments(*, course_id: int, assessment_ids: Collection[str], action: GradeAction) -> int:
    """Recompute the scores of everyone who sat in these, as their questions are now (D23). Return how many.

    Call it in the transaction that changed the questions. All learners of the course are locked first. Otherwise a
    sitting that started in between would be scored by the old questions and never again.
    """
    if not assessment_ids:
        return 0
    lock_learners(course_id=course_id)
    sittings = Sitting.objects.filter(assessment__in=assessment_ids, is_void=False)
    found = list(sittings.select_related("assessment").order_by("learner_id", "assessment__position"))
    for sitting in found:
        rescore(sitting=sitting, action=action)
    return len(found)
