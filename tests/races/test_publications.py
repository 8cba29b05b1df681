"""Two people publish texts of a course at once: nobody's is lost, and nobody's save waits while a course is read."""

import threading

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

from authoring.services import (
    Publication,
    course_copies,
    course_edits,
    edit_texts,
    editable_texts,
    export_course,
    published_settings,
    settings_changed,
)
from course.models import Course
from course.selectors import text_versions
from portal.refusals import Refusal
from quizzes.models import Assessment
from records.models import AuditEntry
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.publishing import confirm, edit_course
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_policy import PAGE, send
from tests.portal.workplace.people import instructor_of
from tests.races.running import counted, in_threads

POLICY, LATE = "/api/v1/courses/nasty/policy/", "/api/v1/courses/nasty/late-policies/"
COPIES = "/api/v1/courses/nasty/copies/"
LONG_ENOUGH = 60  # seconds
CHANGES = [{"pass_percent": 65}, {"late": {"percent_per_day": 10}}]
PLAIN = "01-first/20-plain.md"


@pytest.fixture
def course():
    caches["throttles"].clear()
    load(nasty_files())
    return Course.objects.get()


@pytest.fixture
def teacher(course):
    client = Client()
    client.force_login(instructor_of(course))
    return client


@pytest.fixture
def together(monkeypatch):
    """Let both publishers read the course before one of them writes it."""
    gate, read = threading.Barrier(2), course_edits.read_folder

    def read_and_wait(files):
        text = read(files)
        gate.wait(timeout=LONG_ENOUGH)
        return text

    monkeypatch.setattr(course_edits, "read_folder", read_and_wait)


@pytest.fixture
def readings(monkeypatch):
    """Return a list that says of each reading of the course whether it was in a transaction."""
    found, read = [], course_edits.read_folder

    def note_and_read(files):
        found.append(connection.in_atomic_block)
        return read(files)

    monkeypatch.setattr(course_edits, "read_folder", note_and_read)
    return found


def edited_by(editor, course):
    return {"course": course, "editor": editor, "reason": ""}


def test_two_changes_of_the_same_settings_at_once_are_one_change_and_one_refusal(course, together):
    found, said = published_settings(course_id=course.pk), edited_by(instructor_of(course), course)

    def act(number):
        return confirm(settings_changed(settings=found, changes=CHANGES[number], **said))

    outcomes = in_threads(act, 2)
    assert counted(outcomes) == {"ok": 1, "settings_stale": 1}
    assert [each.is_written for each in outcomes if isinstance(each, Publication)] == [True]
    assert [name in Course.objects.get().source for name in ("pass_percent: 65", "late:")].count(True) == 1
    assert AuditEntry.objects.filter(action="edit_text").count() == 1


def test_a_publication_of_another_text_is_not_reverted(course, together):
    texts, said = editable_texts(course_id=course.pk), edited_by(instructor_of(course), course)
    edits = [
        {PLAIN: texts[PLAIN].replace("A plain page", "An edited page")},
        {"course.yaml": texts["course.yaml"].replace("pass_percent: 70", "pass_percent: 65")},
    ]

    def act(number):
        (path,) = edits[number]
        return confirm(edit_texts(texts=edits[number], based_on={path: texts[path]}, **said))

    outcomes = in_threads(act, 2)
    assert counted(outcomes) == {"ok": 1, "settings_stale": 1}
    done = next(number for number, each in enumerate(outcomes) if not isinstance(each, Exception))
    files = {path: text.encode() for path, text in edits[done].items()}
    assert export_course(course_id=course.pk) == nasty_files() | files
    versions = {path: [each.text for each in text_versions(course.pk, path)] for path in (PLAIN, "course.yaml")}
    assert {path: len(texts) for path, texts in versions.items() if texts} == dict.fromkeys(files, 2)


def test_no_transaction_is_open_while_a_text_is_read_for_its_publication(course, readings):
    text = course.source.replace("pass_percent: 70", "pass_percent: 65")
    said = edited_by(instructor_of(course), course)
    confirm(edit_texts(texts={"course.yaml": text}, based_on={"course.yaml": course.source}, **said))
    assert ("pass_percent: 65" in Course.objects.get().source, readings) == (True, [False])


@pytest.mark.parametrize("do", ["preview", "publish"])
def test_no_transaction_is_open_while_a_form_reads_the_course(teacher, readings, do):
    assert send(teacher, do, PAGE, pass_percent="65").status_code == {"preview": 200, "publish": 302}[do]
    assert readings == [False]


@pytest.mark.parametrize("key", ["", "key"])
@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("address", [POLICY, LATE])
def test_no_transaction_is_open_while_the_api_reads_the_course(teacher, readings, address, dry_run, key):
    body = {"dry_run": dry_run}
    if address == POLICY:
        body |= {"version": teacher.get(POLICY).json()["version"], "changes": {"pass_percent": "65"}}
    else:
        body |= {"assessment": None, "policy": {"percent_per_day": 10, "grace_minutes": 0, "lowest_percent": 0}}
    headers = {"Idempotency-Key": key} if key else {}
    sent = [
        teacher.post(address, body, content_type="application/json", headers=headers) for _ in range(2 if key else 1)
    ]
    assert {each.status_code for each in sent} == {200}, sent[0].content
    assert sent[0].json()["is_written"] is not dry_run
    assert readings == [False] * (len(sent) if dry_run else 1)  # a repeated change gets its stored answer
    assert sent[0].json() == sent[-1].json()


@pytest.mark.parametrize(("dry_run", "status"), [(True, 200), (False, 201)])
def test_no_transaction_is_open_while_the_api_reads_a_course_to_copy(teacher, readings, dry_run, status, monkeypatch):
    monkeypatch.setattr(course_copies, "read_folder", course_edits.read_folder)
    body = {"slug": "next", "title": "Next", "dry_run": dry_run}
    sent = [
        teacher.post(COPIES, body, content_type="application/json", headers={"Idempotency-Key": "key"})
        for _ in range(2)
    ]
    assert [(each.status_code, each.json()) for each in sent] == [(status, sent[0].json())] * 2
    assert readings == [False]  # the repeated request gets the stored answer


def test_an_edit_of_another_text_that_begins_while_a_course_is_read_is_not_reverted(course, monkeypatch):
    read, teacher = course_edits.read_folder, instructor_of(course)
    later = nasty_files()["exam/exam.yaml"].decode().replace("time_limit: 60", "time_limit: 90")

    def publish_meanwhile(files):
        monkeypatch.setattr(course_edits, "read_folder", read)
        edit_course(course, {"exam/exam.yaml": later}, teacher)
        return read(files)

    monkeypatch.setattr(course_edits, "read_folder", publish_meanwhile)
    found = published_settings(course_id=course.pk)
    edit = settings_changed(settings=found, changes=CHANGES[0], **edited_by(teacher, course))
    with pytest.raises(Refusal, match="Somebody has published texts"):
        confirm(edit)
    assert Assessment.objects.get(kind="exam").time_limit.total_seconds() == 90 * 60
    assert Course.objects.get().source == found.text


def test_a_change_of_settings_that_were_replaced_since_is_refused(course):
    found, said = published_settings(course_id=course.pk), edited_by(instructor_of(course), course)
    confirm(settings_changed(settings=found, changes=CHANGES[0], **said))
    with pytest.raises(Refusal, match="Somebody has published texts"):
        settings_changed(settings=found, changes=CHANGES[1], **said)
