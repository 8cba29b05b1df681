"""A small installation for tests that call every endpoint: a complete course, a second one, and people."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.services import create_token
from announcements.services import post_announcement
from grading.models import GradeCategory
from labs import services as labs
from labs.models import LeftFile
from lessons.help.models import HelpRequest
from lessons.services import save_study_note
from people.models import LearnerGroup, PersonalInvitation
from people.services import create_invitation
from quizzes import services as quizzes
from tests import factories as make
from tests.contract import ContractClient
from tests.grading.columns import make_column
from tests.labs.making import START, make_lab, make_retest, make_test_run

LISTING = {"id": "one", "source": "print(1)", "run": True, "runtime": "tf2", "needs": []}


@dataclass
class World:
    """`people` by role; `ids` are Ada's, by their names in addresses."""

    people: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def token(self, role: str, scopes: tuple[str, ...] = ("read", "write")) -> str:
        return create_token(user=self.people[role], now=timezone.now(), scopes=scopes, has_used_factor=True)[1]

    def client(self, role: str) -> ContractClient:
        """Return a client: without a token for the visitor; `reader` is Ada with a read-only token, `robot` the
        instructor with a token for staff endpoints only.
        """
        client = ContractClient()
        if role == "robot":
            client.credentials(HTTP_AUTHORIZATION=f"Token {self.token('instructor', ('staff',))}")
        elif role == "reader":
            client.credentials(HTTP_AUTHORIZATION=f"Token {self.token('ada', ('read',))}")
        elif role in ("instructor", "colleague", "admin", "assistant", "author", "observer"):
            client.force_login(self.people[role])
        elif role != "visitor":
            client.credentials(HTTP_AUTHORIZATION=f"Token {self.token(role)}")
        return client


def make_world(now: datetime | None = None) -> World:
    """Make the world. Ada has started everything in the course, Bob takes it too, Cy takes the other one, Dora none.

    The instructor teaches this course, the colleague the other one. Three more people have the other roles in this course.
    """
    now = now or timezone.now()
    world, course, other = World(), make.make_course(), make.make_course()
    for role, fields in {"ada": {}, "bob": {}}.items():
        world.people[role] = make.enroll(course=course, **fields)
    world.people |= {"cy": make.enroll(course=other), "dora": make.make_user()}
    for role, taught in {"instructor": course, "colleague": other}.items():
        world.people[role] = make.enroll(course=taught, role="instructor")
    for role in ("assistant", "author", "observer"):
        world.people[role] = make.enroll(course=course, role=role)
    world.ids["staff_id"] = str(world.people["observer"].pk)
    world.people["admin"] = make.make_user(is_staff=True, is_superuser=True)
    world.ids |= {"slug": course.slug, "learner_id": str(world.people["ada"].pk)}
    link = create_invitation(
        course=course, author=world.people["instructor"], now=now, note="all", expires_at=None, most_uses=None
    )
    world.ids["invitation_id"] = str(link.pk)
    facts = {"course": course, "author": world.people["instructor"], "created_at": now}
    invited = PersonalInvitation.objects.create(email="zoe@example.org", expires_at=now + timedelta(days=14), **facts)
    world.ids["personal_invitation_id"] = str(invited.pk)
    said = {"title": "Welcome", "text": "Hello, class.", "audience": "everyone", "group": "", "is_mailed": True}
    posted = post_announcement(course=course, author=world.people["instructor"], key="k", now=now, **said)
    world.ids["announcement_id"] = str(posted.pk)
    LearnerGroup.objects.create(course=course, name="Seminar")
    add_learning(world, course, now)
    add_labs(world, course, now)
    world.ids["regrade_id"] = str(regrade(world, course, now).pk)
    token, _ = create_token(user=world.people["ada"], now=now)
    world.ids["token_id"] = token.id
    return world


def add_learning(world: World, course: Any, now: datetime) -> None:
    ada = world.people["ada"]
    lesson = make.make_lesson(module=make.make_module(course=course), listings=[LISTING])
    note = save_study_note(user=ada, lesson=lesson, key="adasnote1", text="Hers.", revision=0, now=now)
    closes_at = datetime(2099, 1, 1, tzinfo=UTC)
    review = make.make_review(course=course, kinds=["single_choice", "numeric"], closes_at=closes_at)
    exam = make.make_exam(course=course)
    begun, question = review.questions.order_by("position")
    quizzes.check_response(learner=ada, question_id=begun.pk, response=make.wrong(begun), number=1, now=now)
    sitting, _ = quizzes.start_sitting(learner=ada, assessment=exam, now=now)
    world.ids |= {
        "lesson_id": lesson.pk,
        "note_id": note.key,
        "column_id": make_column(course=course, category=weightless(course)).pk,
        "column_key": "oral",
        "request_id": str(help_request(ada, lesson, now).pk),
        "assessment_id": review.pk,
        "exam": exam.pk,
        "question_id": question.pk,
        "begun": begun.pk,
        "right": make.right(question),
        "sitting_id": sitting.pk,
        "code": certificate_code(now),
    }


def weightless(course: Any) -> str:
    """Return a new category that moves nobody's grade."""
    fields = {"title": "Oral exams", "of": "column", "weight": 0, "pass_percent": 0, "position": 2}
    return str(GradeCategory.objects.create(course=course, key="oral", **fields).key)


def help_request(learner: Any, lesson: Any, now: datetime) -> Any:
    """Return what a learner asked about a lesson, without a reply."""
    times = {"created_at": now}
    place = {"place": f"lesson:{lesson.pk}", "title": lesson.title}
    return HelpRequest.objects.create(course=lesson.module.course, learner=learner, text="Why?", **place, **times)


def certificate_code(now: datetime) -> str:
    """Return the code of somebody's certificate in another course."""
    course = make.make_course()
    eve = make.enroll(course=course)
    review, exam = make.make_review(course=course, questions=1), make.make_exam(course=course, drawn=1, pool=1)
    sitting, _ = quizzes.start_sitting(learner=eve, assessment=exam, now=now)
    for question in (review.questions.get(), exam.questions.get()):
        quizzes.check_response(learner=eve, question_id=question.pk, response=make.right(question), number=1, now=now)
    quizzes.hand_in_sitting(learner=eve, sitting_id=sitting.pk, now=now)
    return str(eve.certificates.get().code)


def regrade(world: World, course: Any, now: datetime) -> Any:
    said = {"reason": "It was unfair.", "author": world.people["instructor"], "now": now}
    return quizzes.apply_regrade(course=course, question_id=world.ids["question_id"], kind="credit", **said)


def lab_regrade(world: World, course: Any, now: datetime) -> Any:
    said = {"reason": "It was unfair.", "author": world.people["instructor"], "now": now}
    retest_id = int(world.ids["lab_regrade_id"])
    return labs.apply_lab_regrade(course=course, retest_id=retest_id, **said)


def add_labs(world: World, course: Any, now: datetime) -> None:
    ada, lab = world.people["ada"], make_lab(course=course)
    labs.keep_file(learner=ada, lab=lab, name="data.csv", content=b"1,2", now=now)
    run = labs.order_lab_run(learner=ada, lab=lab, cells=START, mode="all", now=now)
    left = {"name": "data.csv", "size": 3, "changed": 1, "content": b"1,2", "saved_at": now}
    LeftFile.objects.create(learner=ada, lab=lab, folder=run.folder, **left)
    for name, verdicts in {"lab_regrade_id": ("failed",), "retest_id": ("passed",)}.items():
        run_again = make_retest(
            lab, world.people["instructor"], {make_test_run(lab, ada, "failed").pk: verdicts}, now=now
        )
        world.ids[name] = str(run_again.pk)
    world.ids["lab_regrade_id"] = str(lab_regrade(world, course, now).pk)
    for role in ("instructor", "admin", "assistant"):
        said = {"reason": "Ada asked for help.", "author": world.people[role], "now": now}
        labs.open_lab_work(course=course, lab=lab, learner_id=ada.pk, **said)
    world.ids |= {"lab_id": lab.pk, "run_id": run.pk, "name": "data.csv"}
