"""The course with the canaries, and its people: one of each role, in one state of the course after another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.services import create_token
from announcements.services import write_announcement
from authoring.folder import read_files
from authoring.folder.files import NUMBER_OF_DIGITS
from authoring.services import read_folder
from course.models import Course, Lesson
from course.rules.schedule import Dates
from course.services import save_text_draft
from labs import services as labs
from labs.models import Lab, LeftFile
from lessons.help.services import answer_help, ask_for_help
from lessons.help.subjects import HelpSubject
from lessons.services import save_study_note
from mail.models import ListedAddress
from mail.services import unsubscribe_token
from people.models import Enrollment, PersonalInvitation, RoleLimit
from people.selectors import invitation_token, listing_token
from people.services import (
    create_invitation,
    enroll,
    extend_dates,
    remove_learner,
    renew_join_code,
    set_accommodation,
    set_groups,
    set_student_number,
)
from portal.calendars.services import renew_calendar
from portal.rights.services import build_next_export, order_export, order_learner_export
from quizzes import services as quizzes
from quizzes.models import Assessment, Question, QuestionReport, SittingQuestion
from records.services import record_audit
from tests import factories as make
from tests.authoring.publishing import load_text
from tests.grading.columns import give, oral
from tests.labs.making import make_retest, make_test_run
from tests.leaks.canaries import Canary, canary

FOLDER = Path(__file__).with_name("course")
PUBLISHED = "data/numbers.csv"  # the file that an open lesson offers to everybody
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
# The parts of a key that cannot hold a word. Random ids contain shorter numbers by chance.
NUMBERS = {
    "7041.5903": Canary("reviewkey", "number", "answer"),
    "617359248": Canary("reviewkey", "shape", "answer"),
    "8153.2467": Canary("examkey", "suma", "answer"),
    "9264.3578": Canary("examkey", "sumb", "answer"),
}
# What the reasons of near misses speak of: they say no number, so they cannot hold a canary's word.
NEAR_MISSES = ("wombats", "numbats", "quokkas", "bandicoots", "potoroos")
# Who has which column of who_may_see.txt, seen from this course. Ada owns the state; Bob takes the same course, Cy another.
COLUMNS = {
    "visitor": "visitor",
    "dora": "stranger",
    "cy": "elsewhere",
    "bob": "classmate",
    "ada": "owner",
    "instructor": "instructor",
    "colleague": "colleague",
    "clerk": "staff",
    "admin": "admin",
}
# An assistant whose role is limited to the Tuesday group (D42): to them, Bob is a learner like any, and all others are strangers.
IN_SIGHT_OF_LIMITED = ("bob",)
AT_HOME_ELSEWHERE = {"ada": "elsewhere", "bob": "elsewhere", "cy": "classmate"}
AT_HOME_ELSEWHERE |= {"instructor": "colleague", "colleague": "instructor"}


@dataclass
class World:
    """`people` by role, `ids` of Ada's things by their names in addresses, and what is true of the state.

    `facts` are pairs such as ("settled", "terma"): from now on, Ada may see the key of this exam question.
    """

    people: dict[str, User] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, Canary] = field(default_factory=lambda: dict(NUMBERS))
    facts: set[tuple[str, str]] = field(default_factory=set)
    ids: dict[str, Any] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    state: str = ""
    now: datetime = NOW
    remembered: dict[str, Any] = field(default_factory=dict)

    def kept(self, name: str, make_it: Callable[[], Any]) -> Any:
        """Return what `make_it` returned first in this state."""
        if name not in self.remembered:
            self.remembered[name] = make_it()
        return self.remembered[name]

    @property
    def course(self) -> Course:
        return Course.objects.get(slug="leaks")

    @property
    def people_asked(self) -> list[str]:
        """Return the visitor, and everybody who is signed in."""
        return ["visitor", *self.cookies]

    def client(self, role: str) -> Client:
        """Return a browser of this person, signed in unless it is the visitor's."""
        browser = Client(raise_request_exception=False)
        if role in self.cookies:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[role]
        return browser

    def column(self, role: str, secret: Canary) -> str:
        """Return the column of who_may_see.txt that holds for this person and this secret."""
        if role == secret.of:
            return "owner"
        if role == "limited" and secret.of in IN_SIGHT_OF_LIMITED:
            return "assistant"
        if secret.of in ("cy", "colleague"):
            role = AT_HOME_ELSEWHERE.get(role, role)
            return role if role in ("elsewhere", "classmate") else COLUMNS.get(role, "colleague")
        if role == "ada" and secret.of in self.people:
            return "classmate"
        return COLUMNS.get(role, role)

    def keep(self, value: str, kind: str, of: str) -> None:
        self.secrets[value] = Canary(kind, of)


def make_world() -> World:
    """Load the course, and let people of each role leave something secret in every place that keeps a text."""
    world = World()
    load_text(read_folder(read_files(FOLDER)), folder="leaks", now=NOW)
    course = renew_join_code(course=world.course, author=make_person(world, "admin", is_superuser=True), now=NOW)
    world.keep(course.join_code, "joincode", "leaks")
    for name in ("instructor", "colleague", "clerk"):
        make_person(world, name, is_staff=True)
    for name in ("ada", "bob", "cy", "dora", "eve"):
        make_person(world, name)
    elsewhere = make.make_course(slug="elsewhere")
    teach(world, elsewhere)
    for name in ("ada", "bob", "eve"):
        enroll(user=world.people[name], course=course, now=NOW, name=full_name(name), code=course.join_code)
    enroll(user=world.people["cy"], course=elsewhere, now=NOW, name=full_name("cy"))
    world.questions = {each.key: each for each in Question.objects.filter(assessment__course=course)}
    world.ids |= places_of(course)
    for animal in NEAR_MISSES:
        world.keep(f"the {animal}.", "nearmiss", animal)
    for file in course.files.exclude(path=PUBLISHED):  # those who know this part of its digest may read the file
        world.keep(file.digest[:NUMBER_OF_DIGITS], "digest", file.path)
    for name in ("bob", "eve"):
        leave_work(world, name)
    leave_in_class(world, course)
    make_elsewhere(world, elsewhere)
    said = {"reason": canary("regradereason", "credited"), "author": world.people["instructor"], "now": NOW}
    regrade = quizzes.apply_regrade(course=course, question_id=world.questions["credited"].pk, kind="credit", **said)
    world.ids["regrade_id"] = regrade.pk
    leave_lab_regrade(world, course)
    for name in world.people:
        if name != "eve":
            sign_in(world, name)
    return world


def full_name(name: str) -> str:
    return canary("fullname", name)


def make_person(world: World, name: str, **fields: Any) -> User:
    person = User(
        username=canary("login", name),
        email=f"{canary('email', name)}@example.org",
        name=full_name(name),
        **fields | ({"is_staff": True} if "is_superuser" in fields else {}),
    )
    person.set_password(make.PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    world.people[name] = person
    world.keep(person.password, "password", name)
    token, secret = create_token(user=person, now=NOW, name=canary("tokenname", name))
    world.keep(secret, "token", name)
    world.keep(secret.partition(token.token_key)[2] or secret, "token", name)
    world.keep(renew_calendar(user=person, now=NOW).token, "calendar", name)
    return person


def teach(world: World, elsewhere: Course) -> None:
    """Give each role of the product that is not a learner's to somebody in the course."""
    taught = {"instructor": (world.course, "instructor"), "colleague": (elsewhere, "instructor")}
    for role in sorted(set(Enrollment.Role.values) - {"learner", "instructor"}):
        make_person(world, role, is_staff=True)
        taught[role] = (world.course, role)
    make_person(world, "limited")
    taught["limited"] = (world.course, "assistant")
    for name, (course, role) in taught.items():
        Enrollment.objects.create(user=world.people[name], course=course, role=role, enrolled_at=NOW)
        world.facts.add(("staff", name))


def sign_in(world: World, name: str) -> None:
    browser = Client()
    browser.force_login(world.people[name])
    world.cookies[name] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    world.keep(world.cookies[name], "session", name)


def places_of(course: Course) -> dict[str, Any]:
    """Return the ids of the course's parts by their names in addresses."""
    reviews = Assessment.objects.filter(course=course, kind="review").order_by("module__position")
    lessons = {each.key: each.pk for module in course.modules.all() for each in module.lessons.all()}
    return {
        "slug": course.slug,
        "lessons": lessons,
        "lab_id": Lab.objects.get(course=course).pk,
        "column_id": oral().pk,
        "review": reviews[0].pk,
        "unopened": reviews[1].pk,
        "held": reviews[2].pk,
        "exam": Assessment.objects.get(course=course, kind="exam").pk,
    }


def leave_work(world: World, name: str) -> None:
    """Let a learner leave a report, lab work and texts about them that instructors wrote."""
    person, course, lab = world.people[name], world.course, Lab.objects.get(pk=world.ids["lab_id"])
    word, teacher = world.questions["word"], world.people["instructor"]
    said = {"author": teacher, "now": NOW}
    answer(world, name, "word", canary("answer", name), 1)
    quizzes.save_draft(
        learner=person, question_id=word.pk, response=canary("draft", name), revision=revision(person, word), now=NOW
    )
    report(world, name, "word", "reply")
    lesson, said_in = Lesson.objects.get(pk=world.ids["lessons"]["open"]), canary("studynote", name)
    ask_about(world, name, lesson)
    passage = {"quote": canary("studynote", name, "quote"), "section": "", "before": "", "after": ""}
    save_study_note(user=person, lesson=lesson, key=f"noteof{name}", text=said_in, revision=0, now=NOW, **passage)
    code = [{"id": "2", "source": f"# {canary('code', name)}"}]
    labs.save_lab_draft(learner=person, lab=lab, cells=code, revision=0, now=NOW)
    labs.keep_file(
        learner=person, lab=lab, name=f"{canary('file', name)}.csv", content=canary("content", name).encode(), now=NOW
    )
    run = labs.order_lab_run(learner=person, lab=lab, cells=code, mode="all", now=NOW)
    output = {"cell": "2", "seq": 1, "data": {"text/plain": canary("output", name)}}
    labs.finish_run(run=run, outcome=labs.RunOutcome("succeeded", outputs=[output]), now=NOW)
    world.ids["runs"].append(run.pk)
    LeftFile.objects.create(
        learner=person, lab=lab, folder=run.folder, name=f"{canary('file', name, 'left')}.npy", size=3, changed=1,
        content=canary("content", name, "left").encode(), saved_at=NOW,
    )  # fmt: skip
    set_accommodation(
        course=course, learner_id=person.pk, multiplier=Decimal("1.5"), reason=canary("note", name), **said
    )
    extend_dates(
        course=course, learner_id=person.pk, activity=world.ids["review"], due_at=None,
        common=Dates(closes_at=NOW + timedelta(days=9)), closes_at=NOW + timedelta(days=10),
        reason=canary("datenote", name), **said,
    )  # fmt: skip
    quizzes.give_extra_attempts(
        course=course, assessment_id=world.ids["unopened"], learner_ids=[person.pk], extra=1,
        reason=canary("attemptsnote", name), **said,
    )  # fmt: skip
    set_groups(course=course, learner_id=person.pk, names=["Monday"], **said)
    set_student_number(course=course, learner_id=person.pk, number=canary("studentnumber", name), **said)
    give(course, person, "7.5", comment=canary("comment", name), author=teacher)
    record_audit(
        actor=teacher, action="view_as_learner", now=NOW, course=course, target=f"user:{person.pk}",
        reason=canary("auditreason", name),
    )  # fmt: skip
    order_export(user=person, now=NOW)
    order_learner_export(learner=person, course=course, reason=canary("auditreason", name, "export"), **said)
    while build_next_export(clock=lambda: NOW):
        pass


def revision(person: User, question: Question) -> int:
    return SittingQuestion.objects.get(sitting__learner=person, question=question).revision


def report(world: World, name: str, key: str, kind: str) -> None:
    """Let a learner report a question, and an instructor reply. Both texts are secret."""
    question, teacher = world.questions[key], world.people["instructor"]
    quizzes.report_question(
        learner=world.people[name], question_id=question.pk, text=canary("report", name, key), now=world.now
    )
    found = QuestionReport.objects.get(learner=world.people[name], question=question)
    quizzes.answer_report(
        report_id=found.pk, course_id=world.course.pk, actor=teacher, text=canary(kind, name, key), closes=False,
        now=world.now,
    )  # fmt: skip
    world.ids.setdefault("report_id", found.pk)
    world.ids.setdefault("runs", [])


def ask_about(world: World, name: str, lesson: Lesson) -> None:
    """Let a learner ask about a lesson, and an instructor reply. Both texts are secret."""
    said = {"text": canary("helptext", name), "code": canary("helptext", name, "code"), "now": world.now}
    subject = HelpSubject("lesson", lesson.pk, lesson.title)
    found = ask_for_help(learner=world.people[name], course=world.course, subject=subject, **said)
    teacher, text = world.people["instructor"], canary("helpreply", name)
    answer_help(request_id=found.pk, course_id=world.course.pk, actor=teacher, text=text, now=world.now)
    world.ids.setdefault("request_id", found.pk)


def answer(world: World, name: str, key: str, response: Any, number: int) -> None:
    quizzes.check_response(
        learner=world.people[name], question_id=world.questions[key].pk, response=response, number=number, now=world.now
    )


def leave_in_class(world: World, course: Course) -> None:
    """Leave what instructors keep about the class: links, a removal, texts that are not published."""
    said = {"author": world.people["instructor"], "now": NOW}
    link = create_invitation(
        course=course, note=canary("invitationnote", "leaks"), expires_at=None, most_uses=None, **said
    )
    world.keep(link.token, "invitation", "leaks")
    invited = PersonalInvitation.objects.create(
        course=course, email=f"{canary('invitedaddress', 'leaks')}@example.org", name=canary("invitedname", "leaks"),
        created_at=NOW, expires_at=NOW + timedelta(days=14), author=said["author"],
    )  # fmt: skip
    world.keep(invitation_token(invited), "invitedtoken", "leaks")
    world.ids["personal_invitation"] = invited
    listing = ListedAddress.objects.create(
        user=world.people["ada"],
        course=course,
        email=world.people["ada"].email.lower(),
        author=said["author"],
        listed_at=NOW,
    )
    world.keep(listing_token(listing), "listedtoken", "ada")
    remove_learner(course=course, learner_id=world.people["eve"].pk, reason=canary("auditreason", "eve"), **said)
    save_text_draft(
        user=world.people["instructor"], course_id=course.pk, path="01-first/10-open.md", key="",
        text=canary("textdraft", "instructor"), digest="", revision=0, now=NOW,
    )  # fmt: skip
    world.ids |= {"invitation": link, "course": course, "announcements": []}
    set_groups(course=course, learner_id=world.people["bob"].pk, names=["Monday", "Tuesday"], **said)
    limit = RoleLimit.objects.create(enrollment=world.people["limited"].enrollments.get())
    limit.groups.set(course.learner_groups.filter(name="Tuesday"))
    for kind, of, audience in (
        ("announcement", "leaks", "everyone"), ("groupnews", "bob", "group"), ("risknews", "ada", "at_risk"),
    ):  # fmt: skip
        text = {"title": canary(kind, of), "text": canary(kind, of, "text"), "key": kind}
        facts = {"audience": audience, "group": "Tuesday", "readers": [world.people["ada"].pk], "is_mailed": True}
        world.ids["announcements"].append(write_announcement(course=course, **text, **facts, **said).pk)
    for name in ("ada", "bob"):
        world.keep(unsubscribe_token(world.people[name], "announcements"), "unsubscribing", name)


def leave_lab_regrade(world: World, course: Course) -> None:
    """Let an instructor regrade a lab, for a reason that its class may read."""
    lab, teacher = Lab.objects.get(pk=world.ids["lab_id"]), world.people["instructor"]
    run = make_test_run(lab, world.people["bob"], *["failed"] * len(lab.tests), cells=[])
    retest = make_retest(lab, teacher, {run.pk: ["error"] * len(lab.tests)})
    why = {"reason": canary("regradereason", "tiny"), "author": teacher, "now": NOW}
    said = {"course": course, "retest_id": retest.pk}
    world.ids |= {"retest_id": retest.pk, "lab_regrade_id": labs.apply_lab_regrade(**said, **why).pk}


def make_elsewhere(world: World, elsewhere: Course) -> None:
    """Let Cy take another course and pass it."""
    cy = world.people["cy"]
    review, exam = make.make_review(course=elsewhere, kinds=["text"]), make.make_exam(course=elsewhere, drawn=1, pool=1)
    typed, drawn = review.questions.get(), exam.questions.get()
    quizzes.check_response(learner=cy, question_id=typed.pk, response=canary("answer", "cy"), number=1, now=NOW)
    quizzes.report_question(learner=cy, question_id=typed.pk, text=canary("report", "cy", "word"), now=NOW)
    sitting, _ = quizzes.start_sitting(learner=cy, assessment=exam, now=NOW)
    quizzes.check_response(learner=cy, question_id=drawn.pk, response=make.right(drawn), number=1, now=NOW)
    quizzes.hand_in_sitting(learner=cy, sitting_id=sitting.pk, now=NOW)
    said = {"course": elsewhere, "learner_id": cy.pk, "author": world.people["colleague"], "now": NOW}
    quizzes.override_score(assessment_id=review.pk, points=Decimal(1), reason=canary("reason", "cy"), **said)
    set_accommodation(multiplier=Decimal(2), reason=canary("note", "cy"), **said)
    world.ids["code"] = cy.certificates.get().code
