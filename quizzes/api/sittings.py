"""Calls about a sitting: start, rehearse, read, resume and hand in. `quizzes/urls.py` has their addresses."""

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.rules.schedule import refuse_outside
from foundation.frame.endpoint import Endpoint, leads
from foundation.idempotency import Answer
from foundation.refusals import refuses
from foundation.serializers import json_of
from grading.endpoint import GradeEndpoint
from people.access import learner_or_preview, refuse_to_show, refuse_unless_working
from quizzes.refusals import Refusal
from quizzes.selectors import exam_to_start, sitting_of, ungraded_sitting
from quizzes.serializers import SittingOut, sitting_at
from quizzes.services import hand_in_sitting, resume_sitting, start_rehearsal, start_sitting, start_test_run

if TYPE_CHECKING:
    from quizzes.models import Sitting


class Start(Endpoint):
    """Start an exam (201), or resume the running one with the same deadline (200)."""

    @extend_schema(request=None, responses={200: SittingOut, 201: SittingOut})
    @leads(sitting_id="/id")
    @refuses(refuse_unless_working, refuse_outside, "not_an_exam", "sitting_over")
    def post(self, request: Request, assessment_id: str) -> Response:
        self.read_nothing()
        assessment = exam_to_start(assessment_id)

        def answer() -> Answer:
            sitting, is_new = start_sitting(learner=self.person, assessment=assessment, now=self.now)
            return (201 if is_new else 200), self.body(sitting)

        return self.once(answer)

    def body(self, sitting: "Sitting") -> dict[str, object]:
        return json_of(SittingOut, sitting_at(sitting, self.now))


class Rehearse(Endpoint):
    """Start a rehearsal of an exam (201), or resume the running one (200). It counts for nothing.

    Somebody with a role in the course starts a test run instead. `assessment` in the answer is an assessment in all other
    calls: read its questions there, answer them by their ids, and hand in. Keys are included at the end.
    """

    @extend_schema(request=None, responses={200: SittingOut, 201: SittingOut})
    @leads(sitting_id="/id")
    @refuses(refuse_unless_working, "not_an_exam", "rehearsal_empty", "rehearsal_waits")
    def post(self, request: Request, assessment_id: str) -> Response:
        self.read_nothing()
        assessment = exam_to_start(assessment_id)
        is_learner = learner_or_preview(self.person, assessment.course_id) is not None

        def answer() -> Answer:
            if is_learner:
                sitting, is_new = start_rehearsal(learner=self.person, assessment=assessment, now=self.now)
            else:
                sitting, is_new = start_test_run(person=self.person, assessment=assessment, now=self.now)
            return (201 if is_new else 200), json_of(SittingOut, sitting_at(sitting, self.now))

        return self.once(answer)


class OneSitting(GradeEndpoint):
    """A sitting's instants. The deadline may be later than in an earlier answer. A void sitting is not found."""

    @extend_schema(responses=SittingOut)
    @refuses()
    def get(self, request: Request, sitting_id: str) -> Response:
        self.settle()
        sitting = self.sitting(sitting_id)
        refuse_to_show(request.user, sitting.assessment.course)
        return Response(json_of(SittingOut, sitting_at(sitting, self.now)))

    def sitting(self, sitting_id: str) -> "Sitting":
        """Return the person's sitting that counts, or their rehearsal or test run."""
        try:
            sitting = sitting_of(self.person.pk, sitting_id)
        except Refusal:
            return ungraded_sitting(self.person.pk, sitting_id)
        if sitting.is_void:
            raise Refusal("not_found")
        return sitting


class Resume(GradeEndpoint):
    """End the pause of your exam. Its deadline moved later by the time of the pause. Resuming again is harmless."""

    @extend_schema(request=None, responses=SittingOut)
    @refuses(refuse_unless_working, "sitting_over")
    def post(self, request: Request, sitting_id: str) -> Response:
        self.read_nothing()
        self.settle()

        def answer() -> Answer:
            sitting = resume_sitting(learner=self.person, sitting_id=sitting_id, now=self.now)
            return 200, json_of(SittingOut, sitting_at(sitting, self.now))

        return self.once(answer)


class Submit(GradeEndpoint):
    """Hand in: saved responses that were not checked are graded. Handing in again is harmless."""

    @extend_schema(request=None, responses=SittingOut)
    @refuses(refuse_unless_working, "not_an_exam", "sitting_over", "sitting_paused")
    def post(self, request: Request, sitting_id: str) -> Response:
        self.read_nothing()
        self.settle()

        def answer() -> Answer:
            sitting = hand_in_sitting(learner=self.person, sitting_id=sitting_id, now=self.now)
            return 200, json_of(SittingOut, sitting_at(sitting, self.now))

        return self.once(answer)
