"""Calls about an assessment and its questions: drafts, flags, attempts, reports. `quizzes/urls.py` has their addresses."""

from datetime import datetime

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.rules.schedule import has_opened
from foundation.frame.endpoint import Endpoint, leads
from foundation.idempotency import Answer
from foundation.refusals import refuses
from foundation.serializers import json_of
from grading.endpoint import GradeEndpoint
from grading.rules.arithmetic import points_text
from grading.rules.category_grade import ItemGrade
from grading.rules.late_shares import late_share
from grading.serializers import progress_body
from people.access import learner_or_preview, refuse_unless_working
from questions.rules.attempts import Past
from quizzes import serializers as assessments
from quizzes.rules.disclosure import parts_shown
from quizzes.selectors import (
    MARK,
    Paper,
    assessment_of,
    corrections_of,
    feedback,
    is_practice_right,
    named_mistakes,
    paper_of,
    practice_card,
    published_assessment,
    section_to_read,
    ungraded_paper,
)
from quizzes.serializers import sitting_at
from quizzes.services import CheckResult, check_response, report_question, save_draft, set_flag, settle_ungraded
from quizzes.services.asked_questions import lock_and_read_question, refuse_unless_accepting


@extend_schema(responses=assessments.AssessmentOut)
@leads(question_id="/questions/0/id")
@refuses(learner_or_preview, "assessment_not_open", "preview_only", "rehearsal_waits")
class OneAssessment(GradeEndpoint):
    """Questions with your own attempts and drafts; an exam has none before its start and in a pause.

    Keys are included only once they may be shown.
    """

    is_conditional = True

    def get(self, request: Request, assessment_id: str) -> Response:
        if MARK in assessment_id:
            return Response(self.ungraded_body(assessment_id.partition(MARK)[2]))
        assessment = published_assessment(assessment_id)
        learner_id = learner_or_preview(self.person, assessment.course_id)
        grades = self.settle()
        paper = paper_of(assessment=assessment, learner_id=learner_id, now=self.now)
        line = grades.grade_shown(self.person.pk, assessment.course_id).item(assessment.pk)
        return Response(assessment_body(paper, line, self.now))

    def ungraded_body(self, sitting_id: str) -> dict[str, object]:
        """Return what the call answers about a rehearsal or a test run, which has no progress (D46)."""
        settle_ungraded(person_id=self.person.pk, sitting_id=sitting_id, now=self.now)
        return assessment_body(ungraded_paper(self.person, sitting_id, self.now), None, self.now)


def assessment_body(paper: Paper, line: ItemGrade | None, now: datetime) -> dict[str, object]:
    assessment, dates = paper.assessment, paper.dates
    limit = assessment.time_limit
    body = {
        "id": assessment.pk,
        "kind": assessment.kind,
        "title": assessment.title,
        "limits": {
            "seconds": None if limit is None else int(limit.total_seconds()),
            "opens_at": dates.opens_at,
            "due_at": dates.due_at,
            "closes_at": dates.closes_at,
        },
        "show": assessment.disclosure._asdict(),
        "released_at": assessment.released_at,
        "late": late_share(paper.lateness, now),
        "sitting": paper.sitting and sitting_at(paper.sitting, now),
        "questions": paper.cards,
        "progress": line,
    }
    return json_of(assessments.AssessmentOut, body)


class SaveDraft(Endpoint):
    """Save a response without using an attempt."""

    @extend_schema(request=assessments.DraftIn, responses=assessments.DraftSaved)
    @refuses(
        lock_and_read_question,
        refuse_unless_accepting,
        "invalid_response",
        "already_final",
        "attempts_exhausted",
        "stale_draft",
    )
    def put(self, request: Request, question_id: str) -> Response:
        body = self.read(assessments.DraftIn)
        saved = save_draft(learner=self.person, question_id=question_id, now=self.first_received, **body)
        shape = assessments.DraftSaved if saved.problem else assessments.ReadableDraftSaved
        return Response(json_of(shape, saved))


class Flag(Endpoint):
    """Flag a question to come back to."""

    @extend_schema(request=assessments.FlagIn, responses=assessments.FlagIn)
    @refuses(lock_and_read_question, refuse_unless_accepting)
    def put(self, request: Request, question_id: str) -> Response:
        body = self.read(assessments.FlagIn)
        row = set_flag(learner=self.person, question_id=question_id, now=self.now, **body)
        return Response({"is_flagged": row.is_flagged})


class Attempts(GradeEndpoint):
    """Check a response, or Final Check on the last attempt."""

    @extend_schema(request=assessments.AttemptIn, responses={201: assessments.AttemptOut})
    @refuses(
        lock_and_read_question,
        refuse_unless_accepting,
        "blank_response",
        "invalid_response",
        "graded_at_end",
        "question_changed",
        "button_changed",
        "already_final",
        "attempts_exhausted",
        "stale_attempt",
    )
    def post(self, request: Request, question_id: str) -> Response:
        body = self.read(assessments.AttemptIn)

        self.settle()  # the answer contains the whole grade

        def answer() -> Answer:
            outcome = check_response(learner=self.person, question_id=question_id, now=self.first_received, **body)
            return 201, attempt_body(request, outcome, self.now)

        return self.once(answer)


def attempt_body(request: Request, outcome: CheckResult, now: datetime) -> dict[str, object]:
    attempt = outcome.attempt
    assessment = attempt.sitting.assessment
    stage = assessment.unended_stage
    parts = parts_shown(assessment.disclosure, kind=assessment.kind, is_final=outcome.is_final, stage=stage)
    corrections = corrections_of(attempt.question)
    explained = feedback(attempt.version, corrections, parts) if parts else None
    past = [Past(attempt.number, attempt.response, outcome.is_right, attempt.attempts_limit)]
    named = named_mistakes(attempt.version, corrections, past, parts, assessment)
    body = {
        "number": attempt.number,
        "is_correct": outcome.is_right,
        "is_final": outcome.is_final,
        "attempts_left": outcome.attempts_left,
        "points_earned": points_text(outcome.points_earned),
        "feedback": explained and json_of(assessments.FeedbackOut, explained),
        "near_miss_html": named[0].html if named else "",
        "progress": progress_body(request, request.user.pk, assessment.course_id, outcome.grade),
    }
    may_read = not outcome.is_right and has_opened(assessment.lessons_open_at, now)
    section = section_to_read(attempt.question) if may_read else None
    return {**body, "read_again": json_of(assessments.ReadAgainOut, section)} if section else body


class Reports(Endpoint):
    """Report a problem with a question."""

    @extend_schema(request=assessments.ReportIn, responses={201: assessments.ReportIn})
    @refuses(refuse_unless_working, "report_blank", "reported_already", "too_many_reports")
    def post(self, request: Request, question_id: str) -> Response:
        text = self.read(assessments.ReportIn)["text"]

        def answer() -> Answer:
            report = report_question(learner=self.person, question_id=question_id, text=text, now=self.now)
            return 201, {"text": report.text}

        return self.once(answer)


class Practice(Endpoint):
    """Check a response to a final review question again. Nothing is stored: no attempt, no draft, no points."""

    takes_key = False

    @extend_schema(request=assessments.PracticeIn, responses=assessments.PracticeOut)
    @refuses(learner_or_preview, "blank_response", "invalid_response", "practice_not_final")
    def post(self, request: Request, question_id: str) -> Response:
        response = self.read(assessments.PracticeIn)["response"]
        assessment = assessment_of(question_id)
        learner_id = learner_or_preview(self.person, assessment.course_id)
        practice = practice_card(
            assessment=assessment, learner_id=learner_id, question_id=question_id, another=False, now=self.now
        )
        card = practice.card  # a client knows only the variant that was answered
        is_right = is_practice_right(assessment=assessment, card=card, response=response)
        return Response(json_of(assessments.PracticeOut, {"is_correct": is_right, "feedback": card.feedback}))
