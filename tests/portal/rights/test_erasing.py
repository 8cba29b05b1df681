"""Deleting an account: nothing of the person is left anywhere, and every record of their grades is."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from accounts.models import Erasure, User
from accounts.services import create_token
from grading.models import Certificate, GradeChange, Override, Score
from grading.selectors.grades import course_grade
from labs.models import Run
from operations.services import verify_grades
from people.models import Enrollment
from portal.calendars.models import CalendarFeed
from portal.goals.models import StudyGoal
from portal.refusals import Refusal
from portal.rights.models import PersonalExport
from portal.rights.services import (
    build_next_export,
    erase_account,
    erase_due_accounts,
    erasing,
    keep_account,
    order_export,
    request_erasure,
    schedule_unused_accounts,
)
from quizzes import services
from quizzes.models import Attempt, QuestionReport, SittingExtension, Void
from records.models import AuditEntry
from tests import factories as make
from tests.portal.rights.canaries import CANARY, make_canary, places_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(days=1)
ASKED = ("title", "section", "section_title", "text", "code", "answer")
LEFT_IN = {
    *(
        "account_emailaddress.email",
        "course_accommodationnote.text",
        "course_apitoken.name",
        "course_auditentry.details",
        "course_dateextensionnote.text",
    ),
    *(
        "course_auditentry.reason",
        "course_enrollment.name",
        "course_enrollment.student_number",
        "course_idempotencykey.answer",
        "course_idempotencykey.key",
    ),
    *(
        "course_invitation.note",
        "course_listedaddress.email",
        *(f"course_personalinvitation.{name}" for name in ("email", "name", "student_number", "groups")),
        "course_textdraft.text",
        *(f"course_studynote.{name}" for name in ("key", "section", "quote", "before", "after", "text")),
        "course_user.email",
        "course_user.name",
        "course_user.username",
    ),
    *("django_admin_log.object_repr", "grading_certificateevent.reason", "grading_gradechange.reason"),
    *("grading_override.reason", "labs_drawncharts.charts", "labs_labdraft.cells", "labs_labfile.content"),
    *("labs_labfile.name", "labs_leftfile.content", "labs_leftfile.name", "labs_outputpage.outputs", "labs_run.cells"),
    *(
        "labs_retestedrun.tests",
        "labs_run.message",
        "labs_run.outputs",
        "labs_run.tests",
        "labs_session.page",
        "mfa_authenticator.data",
    ),
    *(
        "quizzes_analysis.facts",
        *(f"quizzes_helprequest.{name}" for name in ASKED),
        "quizzes_attempt.response",
        "quizzes_extraattemptsnote.text",
        "quizzes_fullholder.address",
        "quizzes_questionreport.answer",
    ),
    *(
        "quizzes_questionreport.response",
        "quizzes_questionreport.text",
        "quizzes_sittingextension.reason",
        "quizzes_sittingpause.reason",
    ),
    *("quizzes_sittingquestion.draft", "quizzes_void.reason", "usersessions_usersession.user_agent"),
}
RECORDS = (Attempt, Certificate, GradeChange, Override, Score, SittingExtension, Void)


def erase(person, **options):
    erase_account(**{"user_id": person.pk, "actor": None, "reason": "asked", "now": LATER, **options})


def facts_of(model):
    """Every column of a table's rows except the texts that an erasure blanks."""
    rows = model.objects.order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in ("reason", "response")} for row in rows]


def shown(learner, course):
    grade = course_grade(learner.pk, course.pk)
    return grade.exact, grade.has_passed, grade.categories


def test_nothing_of_an_erased_person_is_left_in_any_column_of_any_table():
    person, _course, _teacher = make_canary()
    assert places_of(CANARY) == LEFT_IN
    order_export(user=person, now=NOW)
    assert build_next_export(clock=lambda: NOW)
    erase(person)
    assert places_of(CANARY) == set()
    assert not PersonalExport.objects.exists()
    assert not CalendarFeed.objects.exists()
    assert not StudyGoal.objects.exists()
    assert not Enrollment.objects.get(user=person).groups.exists()
    assert places_of(f"erased-{person.pk}") == {"course_user.username"}


def test_the_records_of_an_erased_person_stay_and_their_grades_follow_from_them():
    person, course, _teacher = make_canary()
    before, grade = [facts_of(model) for model in RECORDS], shown(person, course)
    assert all(before)
    erase(person)
    assert [facts_of(model) for model in RECORDS] == before
    assert shown(person, course) == grade
    assert list(verify_grades(now=LATER)) == []


def test_other_people_keep_everything_when_one_is_erased():
    make_canary()
    other = make.enroll(course=make.make_course(), user=make.make_user(username="stays"))
    left = places_of("stays")
    erase(other)
    assert places_of(CANARY) == LEFT_IN
    assert (left - {"django_session.session_data"}, places_of("stays")) == (
        {"course_user.username", "course_user.email", "course_user.name", "course_enrollment.name"},
        set(),
    )


def test_an_erased_person_can_no_longer_sign_in_and_no_run_of_theirs_goes_on(client):
    person, _course, _teacher = make_canary()
    client.force_login(person)
    erase(person)
    assert client.get("/api/v1/me/").status_code == 401
    assert not client.login(username=CANARY, password=make.PASSWORD)
    assert set(Run.objects.values_list("state", "verdict")) == {("finished", "succeeded"), ("finished", "stopped")}
    assert not QuestionReport.objects.filter(closed_at=None).exists()


def test_a_certificate_stays_valid_and_says_that_its_holder_is_erased(client):
    person, _course, _teacher = make_canary()
    undone = Void.objects.get()
    services.undo_void(course=_course, sitting_id=undone.sitting_id, reason="a mistake", author=_teacher, now=LATER)
    erase(person)
    page = client.get(f"/certificates/{Certificate.objects.get().code}/").content.decode()
    assert "This certificate is valid." in page
    assert ("A person whose data was erased" in page, CANARY in page.lower()) == (True, False)


@pytest.mark.parametrize("model", [Attempt, AuditEntry, GradeChange, Override, SittingExtension, Void])
def test_outside_an_erasure_no_text_of_a_record_can_be_blanked(model):
    make_canary()
    column = "response" if model is Attempt else "reason"
    row = model.objects.exclude(**{column: ""}).first()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{column: ""})


@pytest.mark.parametrize("changes", [{"reason": "other"}, {"reason": "", "points_earned": 0}])
def test_during_an_erasure_a_record_can_only_be_blanked(changes):
    person, _course, _teacher = make_canary()
    Erasure.objects.create(user=person)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Override.objects.update(**changes)
    assert Override.objects.update(reason="") == 1


def test_during_an_erasure_the_records_of_others_cannot_be_blanked():
    make_canary()
    Erasure.objects.create(user=make.make_user())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Override.objects.update(reason="")


def test_a_typed_response_that_a_regrade_accepted_still_counts():
    course = make.make_course()
    (question,) = make.make_review(course=course, kinds=["text"]).questions.all()
    learner, author = make.enroll(course=course), make.make_user()
    services.check_response(learner=learner, question_id=question.pk, response="ReLU unit", number=1, now=NOW)
    said = {"course": course, "question_id": question.pk, "kind": "accept", "response": "ReLU unit"}
    services.apply_regrade(**said, reason="also right", author=author, now=NOW)
    grade = shown(learner, course)
    erase(learner)
    assert (Attempt.objects.get().response, shown(learner, course)) == ("ReLU unit", grade)


def test_nobody_is_erased_while_their_exam_runs_and_the_sweeper_waits():
    course = make.make_course()
    exam, learner = make.make_exam(course=course), make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    with pytest.raises(Refusal) as refused:
        erase(learner, now=NOW + timedelta(minutes=1))
    assert refused.value.code == "exam_open"
    User.objects.filter(pk=learner.pk).update(erasure_due_at=NOW)
    assert erase_due_accounts(now=NOW + timedelta(minutes=1)) == 0
    assert erase_due_accounts(now=sitting.deadline_at + timedelta(seconds=31)) == 1
    assert User.objects.get(pk=learner.pk).erased_at is not None


def test_an_exam_without_a_time_limit_is_handed_in_when_the_account_is_erased_also_of_a_learner_who_was_removed():
    course = make.make_course()
    exam, learner = make.make_exam(course=course, time_limit=None), make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = sitting.questions.first().question
    said = {"question_id": question.pk, "response": make.right(question), "revision": 0}
    services.save_draft(learner=learner, now=NOW, **said)
    Enrollment.objects.filter(user=learner).update(unenrolled_at=NOW, removed_at=NOW)
    User.objects.filter(pk=learner.pk).update(erasure_due_at=NOW)
    assert erase_due_accounts(now=LATER) == 1
    sitting.refresh_from_db()
    assert (sitting.ended_by, sitting.submitted_at, Attempt.objects.get().is_correct) == ("learner", LATER, True)
    assert list(verify_grades(now=LATER)) == []


@pytest.mark.parametrize("seconds", [-1, 4, 6, 29])
def test_an_exam_that_has_just_closed_is_handed_in_only_while_it_accepts(seconds):
    course, closes_at = make.make_course(), NOW + timedelta(hours=1)
    exam = make.make_exam(course=course, time_limit=None, closes_at=closes_at)
    learner = make.enroll(course=course)
    services.start_sitting(learner=learner, assessment=exam, now=NOW)
    User.objects.filter(pk=learner.pk).update(erasure_due_at=NOW)
    assert erase_due_accounts(now=closes_at + timedelta(seconds=seconds)) == (seconds < 5)
    assert erase_due_accounts(now=closes_at + timedelta(seconds=30)) == (seconds > 5)


def test_an_account_with_a_clock_that_runs_hands_in_nothing():
    course = make.make_course()
    learner = make.enroll(course=course)
    untimed, _ = services.start_sitting(
        learner=learner, assessment=make.make_exam(course=course, time_limit=None), now=NOW
    )
    services.start_sitting(learner=learner, assessment=make.make_exam(course=course), now=NOW)
    with pytest.raises(Refusal):
        erase(learner, now=NOW + timedelta(minutes=1))
    untimed.refresh_from_db()
    assert untimed.submitted_at is None


def test_there_are_14_days_to_change_ones_mind():
    person = make.make_user()
    due = request_erasure(user=person, now=NOW)
    assert due == NOW + timedelta(days=14) == request_erasure(user=person, now=LATER)
    assert erase_due_accounts(now=due - timedelta(seconds=1)) == 0
    keep_account(user=person, now=LATER)
    keep_account(user=person, now=LATER)
    assert erase_due_accounts(now=due) == 0
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "request_erasure",
        "keep_account",
    ]
    request_erasure(user=person, now=NOW)
    assert (erase_due_accounts(now=due), erase_due_accounts(now=due)) == (1, 0)


def test_the_operator_says_how_long_people_may_change_their_mind(settings):
    settings.TIME_TO_RECONSIDER = timedelta(days=30)
    assert request_erasure(user=make.make_user(), now=NOW) == NOW + timedelta(days=30)


def test_a_person_whose_later_username_somebody_has_taken_is_erased_and_so_are_those_due_after_them():
    person, other = make.make_user(), make.make_user()
    taken = make.make_user(username=f"erased-{person.pk}")
    for days, each in enumerate((person, other)):
        User.objects.filter(pk=each.pk).update(erasure_due_at=NOW + timedelta(days=days))
    assert erase_due_accounts(now=NOW + timedelta(days=2)) == 2
    name = User.objects.get(pk=person.pk).username
    assert re.fullmatch(rf"erased-{person.pk}-[0-9a-f]{{8}}", name)
    assert User.objects.get(pk=other.pk).username == f"erased-{other.pk}"
    assert User.objects.get(pk=taken.pk).username == f"erased-{person.pk}"


def test_an_account_that_cannot_be_erased_keeps_no_other_waiting_and_its_error_is_raised(monkeypatch):
    first, second = make.make_user(), make.make_user()
    User.objects.filter(pk=first.pk).update(erasure_due_at=NOW)
    User.objects.filter(pk=second.pk).update(erasure_due_at=LATER)

    def erase_others(*, learner_id, now):
        if learner_id == first.pk:
            raise ZeroDivisionError

    monkeypatch.setattr("portal.rights.services.erasing.erase_lab_work", erase_others)
    with pytest.raises(ExceptionGroup, match=f"all was done except: account {first.pk}$"):
        erase_due_accounts(now=LATER)
    assert dict(User.objects.values_list("pk", "erased_at")) == {first.pk: None, second.pk: LATER}


def test_an_account_that_its_owner_keeps_while_others_are_erased_stays(monkeypatch):
    people = [make.make_user() for _ in range(2)]
    for person in people:
        request_erasure(user=person, now=NOW)
    due = NOW + timedelta(days=15)
    erase = erasing.erase_account

    def erase_while_the_last_is_kept(**said):
        keep_account(user=User.objects.get(pk=people[-1].pk), now=due)
        erase(**said)

    monkeypatch.setattr(erasing, "erase_account", erase_while_the_last_is_kept)
    assert erase_due_accounts(now=due) == 1
    assert [User.objects.get(pk=person.pk).erased_at is None for person in people] == [False, True]


def test_accounts_that_nobody_uses_get_a_date_of_deletion_if_the_operator_wants_that(settings):
    old = {"date_joined": NOW - timedelta(days=400)}
    unused, kept = make.make_user(**old), make.make_user(**old)
    used = [make.make_user(**old, last_login=NOW - timedelta(days=300)), make.make_user(**old, is_staff=True)]
    create_token(user=used[0], now=NOW)
    holder, teacher = (
        make.make_user(**old),
        make.enroll(course=make.make_course(), user=make.make_user(**old), role="instructor"),
    )
    create_token(user=holder, now=NOW)
    assert schedule_unused_accounts(now=NOW) == 0
    settings.UNUSED_ACCOUNTS_KEPT = timedelta(days=365)
    assert schedule_unused_accounts(now=NOW) == 2
    assert schedule_unused_accounts(now=NOW) == 0
    dated = User.objects.filter(erasure_due_at=NOW + timedelta(days=14))
    assert set(dated) == {unused, kept}
    assert set(AuditEntry.objects.values_list("action", "actor")) == {("unused_account", None)}
    keep_account(user=kept, now=NOW)
    assert erase_due_accounts(now=NOW + timedelta(days=14)) == 1
    assert User.objects.get(pk=unused.pk).erased_at is not None
    assert not User.objects.filter(pk__in=[kept.pk, teacher.pk], erased_at__isnull=False).exists()


def test_the_only_administrator_stays():
    admin = make.make_user(is_superuser=True, is_staff=True)
    with pytest.raises(Refusal) as refused:
        request_erasure(user=admin, now=NOW)
    assert refused.value.code == "last_admin"
    make.make_user(is_superuser=True, is_staff=True)
    assert request_erasure(user=admin, now=NOW)


def test_a_wish_that_must_wait_is_recorded_and_logged_once_for_each_reason(caplog):
    course = make.make_course()
    exam, admin = make.make_exam(course=course), make.enroll(course=course)
    other = make.make_user(is_superuser=True, is_staff=True)
    User.objects.filter(pk=admin.pk).update(is_superuser=True)
    due = request_erasure(user=User.objects.get(pk=admin.pk), now=NOW)
    services.start_sitting(learner=admin, assessment=exam, now=due)
    User.objects.filter(pk=other.pk).update(is_active=False)
    for days in (0, 0, 1, 1, 2):
        assert erase_due_accounts(now=due + timedelta(days=days)) == 0
    kept = AuditEntry.objects.filter(action="defer_erasure", target=f"user:{admin.pk}").order_by("pk")
    assert list(kept.values_list("details", flat=True)) == [{"code": "exam_open"}, {"code": "last_admin"}]
    assert [record.getMessage() for record in caplog.records if record.name == "portal.rights.services.erasing"] == [
        f"account {admin.pk} is due to be deleted and stays for now: exam_open",
        f"account {admin.pk} is due to be deleted and stays for now: last_admin",
    ]
    User.objects.filter(pk=other.pk).update(is_active=True)
    assert erase_due_accounts(now=due + timedelta(days=2)) == 1


def test_the_command_erases_a_person_by_name_and_says_whose_records_stay(capsys):
    person, _course, _teacher = make_canary()
    call_command("person", "erase", CANARY, "--reason", "letter of 3 May", "--yes")
    assert f"account {person.pk}" in capsys.readouterr().out
    assert places_of(CANARY) == set()
    assert AuditEntry.objects.get(action="erase_person").reason == "letter of 3 May"
    with pytest.raises(CommandError, match="0 accounts match"):
        call_command("person", "erase", CANARY, "--reason", "again", "--yes")


def test_the_command_asks_before_it_erases(monkeypatch):
    person = make.make_user()
    monkeypatch.setattr("builtins.input", lambda _question: "y")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("person", "erase", person.username, "--reason", "letter")
    assert User.objects.get(pk=person.pk).erased_at is None
