from collections.abc import Collection
from datetime import datetime

from course.services import lock_learners
from quizzes.models import Sitting
from quizzes.services.scoring import rescore


def rescore_assessments(*, course_id: int, assessment_ids: Collection[str], cause: str, now: datetime) -> int:
    """Recompute the scores of everyone who sat in these, as their questions are now (D23); returns how many.

    Belongs into the transaction that changed the questions. All learners of the course are locked first: a sitting
    that began in between would otherwise be scored by the old questions, and by nobody again.
    """
    if not assessment_ids:
        return 0
    lock_learners(course_id=course_id)
    sittings = Sitting.objects.filter(assessment__in=assessment_ids, is_void=False)
    found = list(sittings.select_related("assessment").order_by("learner_id", "assessment__position"))
    for sitting in found:
        rescore(sitting=sitting, cause=cause, now=now)
    return len(found)
