from datetime import datetime

from course.rules.refusals import Refusal
from course.selectors import active_enrollment
from quizzes.models import QuestionReport, SittingQuestion
from quizzes.services.answering import Learner
from quizzes.services.places import question_by_id


def report_question(*, learner: Learner, question_id: str, text: str, now: datetime) -> QuestionReport:
    """A learner says what is wrong with a question; version and last draft go with it.

    Raises Refusal not_found, not_enrolled, blank_response.
    """
    question = question_by_id(question_id)
    if active_enrollment(learner, question.assessment.course_id) is None:
        raise Refusal("not_enrolled")
    if not text.strip():
        raise Refusal("blank_response", expected="say in a sentence what is wrong")
    rows = SittingQuestion.objects.filter(question=question, sitting__learner_id=learner.pk)
    row = rows.select_related("version", "sitting").order_by("sitting__is_void").first()
    if row is None and question.assessment.kind == "exam":
        raise Refusal("not_found")
    version = (row and row.version) or question.current
    if version is None:
        raise Refusal("not_found")
    return QuestionReport.objects.create(
        question=question,
        version=version,
        sitting=row.sitting if row else None,
        learner_id=learner.pk,
        text=text.strip()[:2000],
        response=row.draft if row else None,
        created_at=now,
    )
