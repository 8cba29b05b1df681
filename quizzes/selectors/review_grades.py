"""A learner's grade in a review, for the page of the review."""

from datetime import datetime

from grading.rules.category_grade import ItemGrade
from grading.selectors.grades import course_grade
from grading.selectors.settled import grade_without
from quizzes.models import Assessment
from quizzes.selectors.withheld import withheld_scores


def review_line(assessment: Assessment, learner_id: int, now: datetime) -> ItemGrade | None:
    """Return a learner's grade in a review as the learner may see it, or None if the review is not graded.

    A review has no deadline, so it needs no settling before. Runs one query more if the course has exams whose score comes
    later. Raises ValueError for an exam.
    """
    if assessment.kind != Assessment.Kind.REVIEW:
        raise ValueError("an exam must be settled before its line is read")
    withheld = withheld_scores(learner_id, assessment.course_id, now)
    return grade_without(course_grade(learner_id, assessment.course_id), withheld).item(assessment.pk)
