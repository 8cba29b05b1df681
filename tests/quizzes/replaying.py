"""Take the steps of `tests.rules.exam_model` with the real services, and compare what is stored with the model."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import transaction

from foundation.refusals import Refusal
from grading.models import Score
from grading.selectors import certificate_of
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Assessment, Attempt, Regrade, Rescoring, Sitting, SittingExtension, SittingQuestion
from quizzes.services import regrading
from tests import factories as make
from tests.rules.exam_model import CLOSING, MINUTES, RIGHT, START, Made, ModelSitting, ModelState, Step
from tests.rules.exam_orders import Edge

ON_SITTINGS = ("extend", "void", "undo void")


class Replay:
    """A learner at the beginning of the model. `sittings` are in the order of Start.

    A worker follows each regrade, as in a course with very many learners.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, begin: ModelState | None = None) -> None:
        self.begin = begin or ModelState()
        monkeypatch.setattr(regrading, "AT_ONCE", -1)
        self.course = make.make_course()
        self.review = make.make_review(course=self.course, kinds=["true_false", "numeric"])
        limit = {"time_limit": None} if self.begin.is_untimed else {}
        self.exam = make.make_exam(course=self.course, drawn=1, pool=1, kinds=["numeric"], **limit)
        self.learner = make.enroll(course=self.course)
        self.teacher = make.make_user(is_staff=True)
        self.question = self.exam.questions.get()
        assert make.right(self.question) == RIGHT
        self.reviewed, self.other = self.review.questions.order_by("position")
        self.right = make.right(self.reviewed)
        services.check_response(
            learner=self.learner, question_id=self.reviewed.pk, response=self.right, number=1, now=START
        )
        self.sittings: list[str] = []
        self.done = 0

    def take_all(self, edges: Iterable[Edge]) -> None:
        """Take every edge once, each from the state in which it begins. Going back undoes what was stored."""
        self.edges: dict[ModelState, list[Edge]] = defaultdict(list)
        for edge in edges:
            self.edges[edge[0]].append(edge)
        self.reached = {self.begin}
        self.walk(self.begin)

    def walk(self, state: ModelState) -> None:
        for edge in self.edges.pop(state, ()):
            known = list(self.sittings)
            with transaction.atomic():
                self.take(edge)
                if edge[2] not in self.reached:
                    self.reached.add(edge[2])
                    self.walk(edge[2])
                transaction.set_rollback(True)
            self.sittings = known

    def take(self, edge: Edge) -> None:
        before, step, after, outcome = edge
        has_stored = True
        try:
            with transaction.atomic():
                said = self.act(step, before)
        except Refusal as refusal:
            said, has_stored = refusal.code, False  # all that it stored is undone
        assert said == outcome, edge
        assert self.stored(after) == (after, after.points), edge
        if has_stored or after.now != before.now:
            self.verify(after, edge)
        self.done += 1

    def verify(self, state: ModelState, edge: Edge) -> None:
        if not state.waiting and not Sitting.objects.due_at(state.now).exists():
            assert list(verify_grades(now=state.now, course_id=self.course.pk)) == [], edge

    def act(self, step: Step, state: ModelState) -> str:
        """Take one step. Return "ok", or "nothing" where the step has nothing to act on."""
        self.now, self.tab, self.step = state.now, state.tabs[step.tab], step
        self.by_learner = {"learner": self.learner, "now": state.now}
        self.asked = {**self.by_learner, "question_id": self.question.pk, "response": step.response}
        self.by_teacher = {"course": self.course, "author": self.teacher, "reason": "a reason", "now": state.now}
        needs_sitting = {"hand in": self.tab.sitting >= 0} | dict.fromkeys(ON_SITTINGS, bool(self.sittings))
        if not needs_sitting.get(step.action, True):
            return "nothing"
        getattr(self, step.action.replace(" ", "_"))()
        return "ok"

    def start(self) -> None:
        sitting, _ = services.start_sitting(**self.by_learner, assessment=self.exam)
        if sitting.pk not in self.sittings:
            self.sittings.append(sitting.pk)

    def save(self) -> None:
        services.save_draft(**self.asked, revision=self.tab.revision)

    def check(self) -> None:
        services.check_response(**self.asked, number=self.tab.number)

    def hand_in(self) -> None:
        services.hand_in_sitting(**self.by_learner, sitting_id=self.sittings[self.tab.sitting])

    def answer_review(self) -> None:
        number = Attempt.objects.filter(question=self.other).count() + 1
        asked = {"question_id": self.other.pk, "response": str(number), "number": number}
        services.check_response(**self.by_learner, **asked)

    def sweep(self) -> None:
        services.settle_due_one_by_one(now=self.now)

    def extend(self) -> None:
        minutes = MINUTES.seconds // 60
        services.add_minutes(**self.by_teacher, sitting_ids=self.sittings[-1:], minutes=minutes, key=self.step.response)

    def close(self) -> None:
        Assessment.objects.filter(pk=self.exam.pk).update(closes_at=CLOSING)
        services.follow_closings(course_id=self.course.pk, now=self.now)

    def void(self) -> None:
        services.void_sitting(**self.by_teacher, sitting_id=self.sittings[-1])

    def undo_void(self) -> None:
        services.undo_void(**self.by_teacher, sitting_id=self.sittings[0])

    def regrade(self) -> None:
        said = {"question_id": self.reviewed.pk, "kind": "key", "response": not self.right, "lowers": True}
        services.apply_regrade(**self.by_teacher, **said)

    def undo_regrade(self) -> None:
        in_force = Regrade.objects.get(undoes=None, undone_by=None)  # an earlier one may have been undone
        services.undo_regrade(**self.by_teacher, regrade_id=in_force.pk)

    def follow(self) -> None:
        services.rescore_stalled(now=self.now, after=timedelta(0))

    def wait(self) -> None:
        """Do nothing: the time is an argument of every service."""

    def stored(self, model: ModelState) -> tuple[ModelState, int]:
        """Return what is stored, as a state that knows what the tabs of `model` know, and the points of the exam."""
        certificate = certificate_of(self.learner.pk, self.course.pk)
        held = "none" if certificate is None else "valid" if certificate.is_valid else "revoked"
        sittings = tuple(stored_sitting(pk) for pk in self.sittings)
        state = ModelState(
            model.instant,
            sittings,
            model.tabs,
            held,
            is_regraded=bool(self.review.questions.get(pk=self.reviewed.pk).corrections),
            recorded=self.points_in(self.review),
            waiting=Rescoring.objects.filter(finished_at=None).count(),
            others=Attempt.objects.filter(question=self.other).count(),
            is_untimed=self.begin.is_untimed,
            is_closing=Assessment.objects.get(pk=self.exam.pk).closes_at == CLOSING,
        )
        return state, self.points_in(self.exam)

    def points_in(self, assessment: Assessment) -> int:
        score = Score.objects.filter(learner=self.learner, item__activity=assessment.pk).first()
        return int(score.points_earned) if score else 0


def stored_sitting(pk: str) -> ModelSitting:
    sitting, row = Sitting.objects.get(pk=pk), SittingQuestion.objects.get(sitting=pk)
    return ModelSitting(
        started_at=sitting.started_at,
        deadline_at=sitting.deadline_at,
        submitted_at=sitting.submitted_at,
        ended_by=sitting.ended_by,
        is_void=sitting.is_void,
        draft=row.draft,
        saved_at=row.saved_at,
        revision=row.revision,
        attempts=tuple(Made(made.response, made.received_at, made.by) for made in Attempt.objects.filter(sitting=pk)),
        keys=frozenset(SittingExtension.objects.filter(sitting=pk).values_list("key", flat=True)),
        is_untimed=sitting.is_untimed,
    )
