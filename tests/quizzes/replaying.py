"""Take the steps of `tests.rules.exam_model` with the real services, and compare what is stored with the model."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from foundation.refusals import Refusal
from grading.models import Score
from grading.selectors import certificate_of
from portal.operations.services import verify_grades
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingExtension, SittingQuestion
from tests import factories as make
from tests.rules.exam_model import MINUTES, RIGHT, START, Edge, Made, ModelSitting, ModelState, Step


class Replay:
    """A learner who has passed the review of a course, and an exam of one question. `sittings` are in the order of Start."""

    def __init__(self) -> None:
        self.course = make.make_course()
        review = make.make_review(course=self.course, kinds=["true_false"])
        self.exam = make.make_exam(course=self.course, drawn=1, pool=1, kinds=["numeric"])
        self.learner = make.enroll(course=self.course)
        self.teacher = make.make_user(is_staff=True)
        self.question, reviewed = self.exam.questions.get(), review.questions.get()
        assert make.right(self.question) == RIGHT
        services.submit_attempt(
            learner=self.learner, question_id=reviewed.pk, response=make.right(reviewed), number=1, now=START
        )
        self.sittings: list[str] = []
        self.done = 0

    def follow(self, edges: Iterable[Edge]) -> None:
        """Take every edge once, each from the state in which it begins. Going back undoes what was stored."""
        self.edges: dict[ModelState, list[Edge]] = defaultdict(list)
        for edge in edges:
            self.edges[edge[0]].append(edge)
        self.reached = {ModelState()}
        self.walk(ModelState())

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
        try:
            with transaction.atomic():
                said = self.act(step, before)
        except Refusal as refusal:
            said = refusal.code
        assert said == outcome, edge
        assert self.stored(after) == (after, after.points), edge
        if not Sitting.objects.due_at(after.now).exists():
            assert list(verify_grades(now=after.now, course_id=self.course.pk)) == [], edge
        self.done += 1

    def act(self, step: Step, state: ModelState) -> str:
        """Take one step. Return "ok", or "nothing" where the step has nothing to act on."""
        tab, learner = state.tabs[step.tab], {"learner": self.learner, "now": state.now}
        asked = {**learner, "question_id": self.question.pk, "response": step.response}
        staff = {"course": self.course, "author": self.teacher, "reason": "a reason", "now": state.now}
        match step.action:
            case "start":
                self.start(**learner)
            case "save":
                services.save_draft(**asked, revision=tab.revision)
            case "check":
                services.submit_attempt(**asked, number=tab.number)
            case "sweep":
                services.settle_due(now=state.now)
            case "hand in" if tab.sitting >= 0:
                services.end_sitting(**learner, sitting_id=self.sittings[tab.sitting])
            case "extend" if self.sittings:
                minutes = MINUTES.seconds // 60
                services.add_minutes(**staff, sitting_ids=self.sittings[-1:], minutes=minutes, key=step.response)
            case "void" if self.sittings:
                services.void_sitting(**staff, sitting_id=self.sittings[-1])
            case "undo void" if self.sittings:
                services.undo_void(**staff, sitting_id=self.sittings[0])
            case "hand in" | "extend" | "void" | "undo void":
                return "nothing"
        return "ok"

    def start(self, **said) -> None:
        sitting, _ = services.start_sitting(**said, assessment=self.exam)
        if sitting.pk not in self.sittings:
            self.sittings.append(sitting.pk)

    def stored(self, model: ModelState) -> tuple[ModelState, int]:
        """Return what is stored, as a state that knows what the tabs of `model` know, and the points of the exam."""
        certificate = certificate_of(self.learner.pk, self.course.pk)
        held = "none" if certificate is None else "valid" if certificate.is_valid else "revoked"
        sittings = tuple(stored_sitting(pk) for pk in self.sittings)
        score = Score.objects.filter(learner=self.learner, item__activity=self.exam.pk).first()
        return ModelState(model.instant, sittings, model.tabs, held), int(score.points_earned) if score else 0


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
    )
