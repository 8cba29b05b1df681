from datetime import datetime

from course.rules.refusals import Refusal
from quizzes.models import Assessment, Sitting
from quizzes.rules.timing import SETTLEMENT


def assessment_by_id(assessment_id: str) -> Assessment:
    """Raises Refusal not_found."""
    rows = Assessment.objects.select_related("course", "module")
    found = rows.filter(pk=assessment_id, is_retired=False).first()
    if found is None:
        raise Refusal("not_found")
    return found


def assessment_of(question_id: str) -> Assessment:
    """The assessment that a question belongs to; raises Refusal not_found."""
    rows = Assessment.objects.select_related("course", "module")
    found = rows.filter(questions=question_id, is_retired=False).first()
    if found is None:
        raise Refusal("not_found")
    return found


def assessments_of(course_id: int) -> list[Assessment]:
    """In order, with their modules: one statement."""
    rows = Assessment.objects.filter(course_id=course_id, is_retired=False).select_related("module")
    return list(rows.order_by("position"))


def sitting_of(learner_id: int, sitting_id: str) -> Sitting:
    """One's own sitting; Refusal not_found for any other."""
    rows = Sitting.objects.select_related("assessment__course")
    found = rows.filter(pk=sitting_id, learner_id=learner_id).first()
    if found is None:
        raise Refusal("not_found")
    return found


def learner_of_sitting(course_id: int, sitting_id: str) -> int:
    """Whose sitting of the course it is. Raises Refusal not_found."""
    rows = Sitting.objects.filter(pk=sitting_id, assessment__course_id=course_id)
    learner_id = rows.values_list("learner_id", flat=True).first()
    if learner_id is None:
        raise Refusal("not_found")
    return learner_id


def sittings_in(course_id: int, learner_id: int) -> list[Sitting]:
    """A learner's exam sittings in a course, void ones too, the newest first."""
    rows = Sitting.objects.filter(assessment__course_id=course_id, learner_id=learner_id, deadline_at__isnull=False)
    return list(rows.select_related("assessment").order_by("-started_at"))


def open_sitting_of(learner_id: int, now: datetime) -> Sitting | None:
    """The exam that runs for this learner, for the banner on every page: one statement."""
    rows = Sitting.objects.select_related("assessment")
    return rows.filter(
        learner_id=learner_id, is_void=False, submitted_at=None, deadline_at__gt=now - SETTLEMENT
    ).first()
