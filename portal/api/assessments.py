from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from grading.rules.arithmetic import points_text
from grading.selectors import course_grade
from portal.api.courses import progress_body, refuse_stranger
from portal.api.endpoint import Endpoint
from portal.serializers import assessments
from quizzes.rules.disclosure import may_show_key
from quizzes.selectors import Paper, assessment_by_id, corrections_of, feedback, paper
from quizzes.services import Outcome, report_question, save_draft, set_flag, submit_attempt


@extend_schema(responses=assessments.AssessmentOut)
class OneAssessment(Endpoint):
    """Questions with one's own attempts and drafts; an exam has none before its start. Never a key before its time."""

    is_conditional = True

    def get(self, request: Request, assessment_id: str) -> Response:
        assessment = assessment_by_id(assessment_id)
        refuse_stranger(request, assessment.course_id)
        self.settle()
        found = paper(assessment=assessment, learner_id=request.user.pk, now=self.now)
        return Response(assessment_body(found, request.user.pk, self.now))


def assessment_body(found: Paper, learner_id: int, now: Any) -> dict[str, Any]:
    assessment = found.assessment
    limit = assessment.time_limit
    items = course_grade(learner_id, assessment.course_id).items
    body = {
        "id": assessment.pk,
        "kind": assessment.kind,
        "title": assessment.title,
        "limits": {
            "seconds": None if limit is None else int(limit.total_seconds()),
            "opens_at": assessment.opens_at,
            "closes_at": assessment.closes_at,
        },
        "sitting": found.sitting,
        "questions": found.cards,
        "progress": next((item for item in items if item.activity == assessment.pk), None),
    }
    return dict(assessments.AssessmentOut(body, context={"now": now}).data)


class Draft(Endpoint):
    """Keep a response without spending an attempt."""

    @extend_schema(request=assessments.DraftIn, responses=assessments.DraftSaved)
    def put(self, request: Request, question_id: str) -> Response:
        body = self.read(assessments.DraftIn)
        saved = save_draft(learner=request.user, question_id=question_id, now=self.now, **body)
        return Response(assessments.DraftSaved(saved).data)


class Flag(Endpoint):
    """Mark a question to come back to."""

    @extend_schema(request=assessments.FlagIn, responses=assessments.FlagIn)
    def put(self, request: Request, question_id: str) -> Response:
        body = self.read(assessments.FlagIn)
        row = set_flag(learner=request.user, question_id=question_id, now=self.now, **body)
        return Response({"is_flagged": row.is_flagged})


class Attempts(Endpoint):
    """Check, or Final Check on the last attempt."""

    @extend_schema(request=assessments.AttemptIn, responses={201: assessments.AttemptOut})
    def post(self, request: Request, question_id: str) -> Response:
        body = self.read(assessments.AttemptIn)

        self.settle()  # the answer says the whole grade

        def answer() -> tuple[int, dict[str, Any]]:
            outcome = submit_attempt(learner=request.user, question_id=question_id, now=self.now, **body)
            return 201, attempt_body(request, outcome)

        return self.once(answer)


def attempt_body(request: Request, outcome: Outcome) -> dict[str, Any]:
    attempt = outcome.attempt
    assessment = attempt.sitting.assessment
    shows_key = may_show_key(kind=assessment.kind, is_final=outcome.is_final, is_settled=False)
    body = {
        "number": attempt.number,
        "is_correct": outcome.is_right,
        "is_final": outcome.is_final,
        "attempts_left": outcome.attempts_left,
        "points_earned": points_text(outcome.points_earned),
        "feedback": feedback(attempt.version, corrections_of(attempt.question)) if shows_key else None,
    }
    shown = assessments.AttemptOut({**body, "progress": outcome.grade}).data
    return {**shown, "progress": progress_body(request, assessment.course_id, outcome.grade)}


class Reports(Endpoint):
    """Say what is wrong with a question."""

    @extend_schema(request=assessments.ReportIn, responses={201: assessments.ReportIn})
    def post(self, request: Request, question_id: str) -> Response:
        text = self.read(assessments.ReportIn)["text"]

        def answer() -> tuple[int, dict[str, Any]]:
            report = report_question(learner=request.user, question_id=question_id, text=text, now=self.now)
            return 201, {"text": report.text}

        return self.once(answer)
