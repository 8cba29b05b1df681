"""Recompute scores after a load changed questions. A regrade is followed in `regrade_scores`."""

from collections.abc import Collection
from itertools import batched

from grading.selectors import graded_in
from grading.services import GradeAction, decide_certificates, write_entries
from quizzes.models import Assessment, Sitting
from quizzes.services.regrade_scores import CHUNK, entries_of


def rescore_assessments(*, course_id: int, assessment_ids: Collection[str], action: GradeAction) -> None:
    """Recompute the scores of everyone who sat in these or was given points there, as their questions are now (D23).

    Call it in the transaction that changed the questions, with all learners of the course locked. Otherwise a sitting
    that started in between would be scored by the old questions and never again. Certificates are decided once all scores
    are written.
    """
    rescored: set[int] = set()
    rows = Assessment.objects.filter(pk__in=assessment_ids).select_related("course")
    for assessment in rows.order_by("position", "pk"):
        sat = Sitting.objects.filter(assessment=assessment, is_void=False).values_list("learner_id", flat=True)
        concerned = {*sat, *graded_in(assessment.pk)}
        rescored |= concerned
        for learners in batched(sorted(concerned), CHUNK):
            write_entries(entries_of(assessment, list(learners), action.now, worth=None), action)
    if action.decides:
        decide_certificates(course_id=course_id, learner_ids=sorted(rescored), action=action)
