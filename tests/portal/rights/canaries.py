"""A person who left something of themselves everywhere: in each text that the product stores about somebody."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.services import create_token
from course.rules.schedule import Dates
from course.services import save_text_draft
from foundation.models import IdempotencyKey
from grading.models import Certificate, CertificateEvent
from labs.models import DrawnCharts, LabFile, LeftFile, OutputPage, RetestedRun, Run, Session
from labs.services import save_lab_draft
from lessons.help.services import answer_help, ask_for_help
from lessons.help.subjects import HelpSubject
from lessons.services import open_lesson, save_study_note
from mail.models import ListedAddress
from people.models import Enrollment, Invitation, LearnerGroup, PersonalInvitation
from people.services import enroll, extend_dates, set_accommodation
from portal.allowances.services import set_group_dates
from portal.calendars.services import renew_calendar
from portal.goals.services import set_study_goal
from quizzes import services
from quizzes.models import QuestionReport, SittingExtension, SittingPause, SittingQuestion
from quizzes.rules.full_servers import Holder, HolderKind
from records.services import record_audit
from tests import factories as make
from tests.labs.making import START, make_lab, make_retest

CANARY = "kanarienvogel"
NOW = make.NOW


def places_of(text: str) -> set[str]:
    """Return every "table.column" of the database in which the text is found, in any case, in binary columns too."""
    found, needle = set(), text.lower()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found |= {f"{table}.{name}" for name, value in zip(names, row, strict=True) if needle in words(value)}
    return found


def words(value: object) -> str:
    """Return a stored value as lower-case text."""
    if isinstance(value, memoryview | bytes):
        return bytes(value).decode("utf-8", "replace").lower()
    return str(value).lower()


def make_canary() -> tuple[User, Any, User]:
    """Make the person, their course and its instructor."""
    course = make.make_course()
    lesson = make.make_lesson(module=make.make_module(course=course))
    review = make.make_review(course=course, kinds=["text", "true_false", "true_false"])
    exam = make.make_exam(course=course, drawn=1, pool=1, kinds=["true_false"])
    teacher = make.make_user(is_staff=True, is_superuser=True)
    person = make.make_user(username=CANARY, timezone="Europe/Berlin")
    enroll(user=person, course=course, name=f"Dr. {CANARY}", now=NOW)
    open_lesson(user=person, lesson=lesson, now=NOW)
    passage = {"section": CANARY, "quote": CANARY, "before": CANARY, "after": CANARY}
    save_study_note(user=person, lesson=lesson, key=CANARY, text=CANARY, revision=0, now=NOW, **passage)
    leave_account(person, course)
    leave_answers(person, teacher, course, review, exam)
    leave_lab_work(person, make_lab(course=course))
    leave_records(person, teacher, course, review, exam)
    return person, course, teacher


def leave_account(person: User, course: Any) -> None:
    address, _ = EmailAddress.objects.get_or_create(user=person, email=person.email)
    EmailConfirmation.create(address)
    browser = Client(headers={"User-Agent": f"{CANARY}/1.0"})
    browser.post("/accounts/login/", {"login": person.username, "password": make.PASSWORD})
    browser.get("/settings/")
    passkey = Authenticator(user=person, type="webauthn", data={"name": f"{CANARY}'s key", "credential": {}})
    Authenticator.objects.bulk_create([passkey])  # without the signal that ends every session
    create_token(user=person, now=NOW, name=CANARY)
    IdempotencyKey.objects.create(
        user=person, key=CANARY, request_digest="", status=201, answer={"name": CANARY}, created_at=NOW
    )
    save_text_draft(user=person, course_id=course.pk, path="a.md", key="", text=CANARY, digest="", revision=0, now=NOW)


def leave_answers(person: User, teacher: User, course: Any, review: Any, exam: Any) -> None:
    typed, *ticked = review.questions.order_by("position")
    services.check_response(learner=person, question_id=typed.pk, response=f"{CANARY} one", number=1, now=NOW)
    for question in ticked:
        services.check_response(
            learner=person, question_id=question.pk, response=make.right(question), number=1, now=NOW
        )
    services.compute_analysis(assessment_id=review.pk, now=NOW)
    SittingQuestion.objects.filter(question=typed).update(draft=f"{CANARY} two", saved_at=NOW)
    services.report_question(learner=person, question_id=typed.pk, text=f"{CANARY} three", now=NOW)
    report = QuestionReport.objects.get(learner=person)
    subject = HelpSubject("lesson", "id", CANARY, CANARY, CANARY)
    asked = ask_for_help(learner=person, course=course, subject=subject, text=CANARY, code=CANARY, now=NOW)
    answer_help(request_id=asked.pk, course_id=course.pk, actor=teacher, text=f"Hello {CANARY}", now=NOW)
    services.answer_report(
        report_id=report.pk, course_id=course.pk, actor=teacher, text=f"Dear {CANARY}", closes=False, now=NOW
    )
    sitting, _ = services.start_sitting(learner=person, assessment=exam, now=NOW)
    (asked,) = sitting.questions.all()
    services.check_response(
        learner=person, question_id=asked.question_id, response=make.right(asked.question), number=1, now=NOW
    )
    services.hand_in_sitting(learner=person, sitting_id=sitting.pk, now=NOW)


def leave_lab_work(person: User, lab: Any) -> None:
    cells = [{**cell, "source": f"# {CANARY}"} for cell in START]
    save_lab_draft(learner=person, lab=lab, cells=cells, revision=0, now=NOW)
    session = Session.objects.create(learner=person, place=f"lab:{lab.pk}", page=CANARY, opened_at=NOW)
    run = Run.objects.create(
        learner=person, lab=lab, session=session, mode="test", runtime="tf2", queue="fast", created_at=NOW,
        cells=cells, outputs=[{"text": CANARY}], has_output=True, size=10, state="finished", verdict="succeeded",
        finished_at=NOW, message=CANARY, tests=[{"name": "Doubles", "verdict": "failed", "points": "2", "message": CANARY}],
    )  # fmt: skip
    RetestedRun.objects.create(retest=make_retest(lab, person, {}), run=run, tests=run.tests)
    OutputPage.objects.create(run=run, number=1, outputs=[{"text": CANARY}])
    Run.objects.create(
        learner=person, lab=lab, mode="all", runtime="tf2", queue="fast", created_at=NOW, cells=cells, state="queued"
    )
    DrawnCharts.objects.create(learner=person, lab=lab, files="", charts=CANARY, drawn_at=NOW)
    digest = {"digest": "", "saved_at": NOW}
    LabFile.objects.create(learner=person, lab=lab, name=f"{CANARY}.csv", content=CANARY.encode(), size=1, **digest)
    LeftFile.objects.create(
        learner=person, lab=lab, folder=session.pk, name=f"{CANARY}.npy", size=1, changed=1, saved_at=NOW,
        content=CANARY.encode(),
    )  # fmt: skip


def leave_records(person: User, teacher: User, course: Any, review: Any, exam: Any) -> None:
    sitting = exam.sittings.get(learner=person)
    said = {"reason": f"{CANARY} asked", "author": teacher, "created_at": NOW}
    later = sitting.deadline_at + timedelta(minutes=5)
    SittingExtension.objects.create(
        sitting=sitting, minutes=5, key="k", deadline_before=sitting.deadline_at, deadline_after=later, **said
    )
    SittingPause.objects.create(sitting=sitting, ends_at=later, **said)
    holder = Holder(HolderKind.PERSON, f"{CANARY}.example.org", person.pk, 900)
    services.record_full(from_at=NOW, until_at=later, holders=[holder], now=later)
    services.override_score(
        course=course, learner_id=person.pk, assessment_id=review.pk, points=Decimal("2.5"), reason=f"{CANARY} was ill",
        author=teacher, now=NOW,
    )  # fmt: skip
    common = Dates(closes_at=later)
    extend_dates(
        course=course, learner_id=person.pk, activity=review.pk, common=common, due_at=None,
        closes_at=later + timedelta(days=1), reason=f"{CANARY} was away", author=teacher, now=NOW,
    )  # fmt: skip
    set_accommodation(
        course=course,
        learner_id=person.pk,
        multiplier=Decimal("1.5"),
        reason=f"{CANARY} needs it",
        author=teacher,
        now=NOW,
    )
    CertificateEvent.objects.create(certificate=Certificate.objects.get(learner=person), kind="restored", **said)
    record_audit(
        actor=teacher, action="view_as_learner", now=NOW, course=course, target=f"user:{person.pk}",
        reason=f"to help {CANARY}", details={"learner": person.username, "count": 1},
    )  # fmt: skip
    services.void_sitting(course=course, sitting_id=sitting.pk, reason=f"{CANARY} fell ill", author=teacher, now=NOW)
    services.give_extra_attempts(
        course=course, assessment_id=exam.pk, learner_ids=[person.pk], extra=1, reason=f"{CANARY} was late", author=teacher,
        now=NOW,
    )  # fmt: skip
    group = LearnerGroup.objects.create(course=course, name="Section 1")
    Enrollment.objects.get(user=person).groups.add(group)
    Enrollment.objects.filter(user=person).update(student_number=CANARY)
    set_group_dates(course=course, group=group.name, dates={exam.pk: Dates(due_at=NOW)}, author=teacher, now=NOW)
    renew_calendar(user=person, now=NOW)
    set_study_goal(user=person, course=course, unit="days", amount=3, zone="", reminder=(5, 17), now=NOW)
    Invitation.objects.create(course=course, note=f"for {CANARY}", author=teacher, created_at=NOW)
    facts = {"email": f"{CANARY}@old.example.org", "name": CANARY, "groups": [CANARY], "expires_at": NOW}
    facts |= {"student_number": CANARY}
    PersonalInvitation.objects.create(
        course=course, author=teacher, created_at=NOW, accepted_at=NOW, accepted_by=person, **facts
    )
    ListedAddress.objects.create(
        user=person, course=course, email=f"{CANARY}@listed.example.org", author=teacher, listed_at=NOW
    )
    LogEntry.objects.create(
        user=teacher, content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk),
        object_repr=str(person), action_flag=CHANGE, change_message="",
    )  # fmt: skip
    IdempotencyKey.objects.create(
        user=teacher,
        key="x",
        request_digest="",
        status=200,
        created_at=NOW,
        answer={"learners": [{"name": person.name}]},
    )
