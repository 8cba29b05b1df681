from collections.abc import Collection
from datetime import datetime

from course.services import lock_enrollment
from quizzes.models import Sitting
from quizzes.services.scoring import rescore


def rescore_assessments(*, assessment_ids: Collection[str], cause: str, now: datetime) -> int:
    """Recompute the scores of everyone who sat in these, as their questions are now (D23); returns how many.

    Belongs into the transaction that changed the questions. Learners are locked in the order of their ids, so two
    such runs cannot wait for each other in a circle.
    """
    sittings = Sitting.objects.filter(assessment__in=assessment_ids, is_void=False)
    found = list(sittings.select_related("assessment").order_by("learner_id", "assessment__position"))
    for sitting in found:
        lock_enrollment(learner_id=sitting.learner_id, course_id=sitting.assessment.course_id)
        rescore(sitting=sitting, cause=cause, now=now)
    return len(found)
