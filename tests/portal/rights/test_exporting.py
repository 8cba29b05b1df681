"""The archive of what is stored about a person: complete, without secrets, and only for those who may have it."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from foundation.refusals import Refusal
from operations.management.commands import sweep
from portal.rights.models import ExportPart, PersonalExport
from portal.rights.services import (
    PART,
    build_export,
    build_next_export,
    claim_export,
    exporting,
    finish_export,
    forget_exports,
    move_export,
    order_export,
    order_learner_export,
    request_export,
)
from quizzes import services
from records.models import AuditEntry
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.portal.rights.canaries import CANARY, make_canary

pytestmark = pytest.mark.django_db
NOW = make.NOW
# Every text that the person left, or that others wrote for them to read.
FOUND = [
    *(f"{CANARY}@example.org", f"Dr. {CANARY}", f"{CANARY}'s key", f"{CANARY}/1.0", f"{CANARY} one", f"{CANARY} two"),
    *(f"{CANARY} three", f"Dear {CANARY}", f"{CANARY} was ill", f"{CANARY} fell ill", f"{CANARY} asked", f"# {CANARY}"),
    *(f"{CANARY}.csv", f"{CANARY}.npy", f"Hello {CANARY}"),
]
PRIVATE = [
    f"{CANARY} needs it",
    f"{CANARY} was late",
    f"to help {CANARY}",
]  # the notes on extra time and attempts, and a reason in the audit


def clock():
    return NOW


def opened(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert len(content) == int(answer["Content-Length"])
    return zipfile.ZipFile(BytesIO(content))


def everything_in(archive):
    return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.fixture
def canary():
    return make_canary()


def test_a_person_downloads_everything_that_is_stored_about_them(client, canary):
    person, _course, _teacher = canary
    client.force_login(person)
    assert "Prepare the archive" in text(client.get("/settings/data/"))
    page = client.post("/settings/data/export/", follow=True)
    assert "We are preparing the archive." in text(page)
    assert client.get("/settings/data/export/data.zip").status_code == 404
    assert build_next_export(clock=clock)
    assert "Download the archive" in text(client.get("/settings/data/"))
    archive = opened(client, "/settings/data/export/data.zip")
    whole, readable = everything_in(archive), archive.read("index.html").decode()
    assert [left for left in FOUND if left not in whole] == []
    assert [left for left in FOUND[:2] if left not in readable] == []
    assert [left for left in PRIVATE if left in whole] == []
    facts = json.loads(archive.read("data.json"))
    assert (facts["groups"][0]["name"], len(facts["later_dates"])) == ("Section 1", 1)
    assert (facts["account"][0]["username"], facts["enrollments"][0]["name"]) == (CANARY, f"Dr. {CANARY}")
    assert facts["attempts"][0]["response"] == f"{CANARY} one"
    assert (facts["time_added"][0]["seconds"], facts["full_servers_held"][0]["connections"]) == (300, 900)


def test_an_archive_holds_no_password_key_or_token(client, canary):
    person, _course, _teacher = canary
    order_export(user=person, now=NOW)
    build_next_export(clock=clock)
    client.force_login(person)
    whole = everything_in(opened(client, "/settings/data/export/data.zip"))
    assert (person.password in whole, "credential" in whole, "digest" in whole) == (False, False, False)


def checked_in_exam(client):
    """Sign in as a learner who has checked a question in a running exam. Return the sitting and the question."""
    course = make.make_course()
    exam, learner = make.make_exam(course=course, drawn=2, kinds=["true_false"]), make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = sitting.questions.first().question
    said = {"question_id": question.pk, "response": make.right(question), "number": 1, "now": NOW}
    services.check_response(learner=learner, **said)
    client.force_login(learner)
    return sitting, question


def test_an_archive_does_not_tell_what_a_running_exam_hides(client):
    sitting, _question = checked_in_exam(client)
    learner = sitting.learner

    def archived(at):
        order_export(user=learner, now=at)
        assert build_next_export(clock=lambda: at)
        return json.loads(opened(client, "/settings/data/export/data.zip").read("data.json"))

    facts = archived(NOW + timedelta(minutes=1))
    assert ("is_correct" in facts["attempts"][0], "scores" in facts, "score_history" in facts) == (False, False, False)
    facts = archived(sitting.deadline_at + timedelta(minutes=1))
    assert (facts["attempts"][0]["is_correct"], len(facts["scores"])) == (True, 1)


def test_an_archive_shows_no_question_of_an_exam_that_is_paused(client):
    sitting, question = checked_in_exam(client)
    learner = sitting.learner
    said = {
        "course": sitting.assessment.course,
        "sitting_ids": [sitting.pk],
        "author": make.make_user(),
        "reason": "a fire alarm",
    }

    def prompts(at):
        order_export(user=learner, now=at)
        assert build_next_export(clock=lambda: at)
        facts = json.loads(opened(client, "/settings/data/export/data.zip").read("data.json"))
        return [attempt.get("version__prompt", "hidden") for attempt in facts["attempts"]]

    services.pause_sittings(hours=1, now=NOW + timedelta(minutes=1), **said)
    assert prompts(NOW + timedelta(minutes=2)) == ["hidden"]
    services.resume_sittings(now=NOW + timedelta(minutes=3), **said)
    assert prompts(NOW + timedelta(minutes=4)) == [question.current.prompt]


def test_an_instructor_gets_only_the_work_in_their_course_and_the_audit_keeps_why(client, canary):
    person, course, teacher = canary
    other = make.make_course()
    make.enroll(course=other, user=person)
    client.force_login(teacher)
    address = f"/admin/courses/{course.slug}/learners/{person.pk}/data/"
    assert client.post(address, {"reason": ""}).status_code == 400
    assert not PersonalExport.objects.exists()
    client.post(address, {"reason": "a letter of 3 May"})
    build_next_export(clock=clock)
    whole = everything_in(opened(client, f"{address}data.zip"))
    assert f"{CANARY} one" in whole
    assert (person.email in whole, f"{CANARY}/1.0" in whole, other.slug in whole) == (False, False, False)
    entry = AuditEntry.objects.get(action="export_person")
    assert (entry.actor, entry.target, entry.reason) == (teacher, f"user:{person.pk}", "a letter of 3 May")


def test_nobody_else_gets_an_archive(client, canary):
    person, course, _teacher = canary
    order_export(user=person, now=NOW)
    build_next_export(clock=clock)
    client.force_login(make.enroll(course=course))
    assert client.get("/settings/data/export/data.zip").status_code == 404
    assert client.get(f"/admin/courses/{course.slug}/learners/{person.pk}/data/data.zip").status_code in (403, 404)


def test_an_instructor_of_another_course_finds_nothing(canary):
    person, course, teacher = canary
    with pytest.raises(Refusal) as refused:
        order_learner_export(learner=person, course=course, author=teacher, reason=" ", now=NOW)
    assert refused.value.code == "reason_missing"


def test_an_archive_is_built_once_however_many_workers_try():
    person = make.make_user()
    export, _ = request_export(user=person, asked_by=person, now=NOW)
    again, is_new = request_export(user=person, asked_by=person, now=NOW)
    assert (again.pk, is_new) == (export.pk, False)
    assert build_export(export_id=export.pk, clock=clock)
    assert not build_export(export_id=export.pk, clock=clock)
    assert ExportPart.objects.count() == 1


def test_a_lost_archive_is_built_again_and_the_lost_worker_can_store_nothing():
    person = make.make_user()
    export, _ = request_export(user=person, asked_by=person, now=NOW)
    lost = claim_export(export_id=export.pk, total=2, now=NOW)
    assert not build_next_export(clock=clock)
    later = NOW + timedelta(minutes=6)
    assert build_next_export(clock=lambda: later)
    assert not move_export(export=lost, done=1, now=later)
    assert not finish_export(export=lost, content=[b"x"], now=later)


def test_a_long_archive_shows_its_progress_and_is_stored_in_pieces(client):
    person = make.make_user()
    client.force_login(person)
    export, _ = request_export(user=person, asked_by=person, now=NOW)
    claimed = claim_export(export_id=export.pk, total=4, now=NOW)
    assert move_export(export=claimed, done=1, now=NOW)
    assert "25 %" in text(client.get("/settings/data/"))
    assert finish_export(export=claimed, content=[b"a" * PART, b"b"], now=NOW)
    content = b"".join(client.get("/settings/data/export/data.zip").streaming_content)
    assert (content == b"a" * PART + b"b", ExportPart.objects.count()) == (True, 2)


def test_archives_are_deleted_after_seven_days_or_as_the_operator_says(settings):
    person = make.make_user()
    order_export(user=person, now=NOW)
    assert timedelta(days=7) == settings.EXPORTS_KEPT
    assert forget_exports(now=NOW + settings.EXPORTS_KEPT - timedelta(seconds=1)) == 0
    settings.EXPORTS_KEPT = timedelta(days=2)
    assert forget_exports(now=NOW + settings.EXPORTS_KEPT) == 1


def test_the_command_writes_the_archive_where_only_its_owner_reads_it(tmp_path, canary):
    path = tmp_path / "person.zip"
    call_command("person", "export", CANARY, "--to", str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert [left for left in FOUND if left not in everything_in(zipfile.ZipFile(path))] == []
    with pytest.raises(CommandError, match="exists"):
        call_command("person", "export", CANARY, "--to", str(path))


def test_a_sweep_erases_first_and_an_archive_that_cannot_be_built_stops_nothing(monkeypatch):
    """Three archives wait, and none can be built: each sweep tries one of them, and the others wait for the next sweep."""
    done = []

    def broken(user_id, course_id):
        done.append("archive")
        raise ValueError

    for _ in range(3):
        order_export(user=make.make_user(), now=timezone.now())
    monkeypatch.setattr(exporting, "course_tables", broken)
    monkeypatch.setattr(sweep, "erase_due_accounts", lambda *, now: done.append("erasures"))
    for _ in range(2):
        with pytest.raises(ExceptionGroup, match="archives to build"):
            call_command("sweep", once=True)
    assert done == ["erasures", "archive", "erasures", "archive"]
