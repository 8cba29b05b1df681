"""The audit of a course: its own entries, filtered, in pages, never changed."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from announcements.models import Announcement
from lessons.help.services import ask_for_help
from lessons.help.subjects import HelpSubject
from people.models import PersonalInvitation
from quizzes import services
from records.models import AuditEntry
from records.services import record_audit
from tests import factories as make
from tests.labs.making import make_lab
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher(client, course):
    person = instructor_of(course, username="ines", timezone="Europe/Berlin")
    client.force_login(person)
    return person


def note(course, actor, **fields):
    values = {"action": "edit_text", "now": make.NOW, "target": "file:a.md", "reason": "a typo"}
    return record_audit(actor=actor, course=course, **{**values, **fields})


def found(client, course, **asked):
    page = client.get(reverse("audit", args=[course.slug]), asked)
    return [entry.target for entry in page.context["rows"]]


def test_it_shows_the_courses_own_entries_the_newest_first(client, course, teacher):
    note(course, teacher, target="one")
    note(course, teacher, target="two", now=make.NOW + timedelta(hours=1))
    note(make.make_course(), teacher, target="elsewhere")
    assert found(client, course) == ["two", "one"]


@pytest.mark.parametrize(
    ("asked", "targets"),
    [
        ({"action": "void"}, ["two"]),
        ({"actor": "ine"}, ["one"]),
        ({"words": "wrong key"}, ["two"]),
        ({"words": "ONE"}, ["one"]),
        ({"since": "2026-11-26"}, ["two"]),
        ({"until": "2026-11-24"}, ["one"]),
        ({"since": "2026-11-25", "until": "2026-11-25"}, []),
        ({"since": "2026-11-24", "until": "2026-11-26"}, ["two", "one"]),
        ({"since": "0001-01-01", "until": "9999-12-31"}, ["two", "one"]),
    ],
)
def test_the_audit_is_filtered(client, course, teacher, asked, targets):
    note(course, teacher, target="one")
    other = make.make_user(username="omar")
    note(course, other, target="two", action="void", reason="a wrong key", now=make.NOW + timedelta(days=2))
    assert found(client, course, **asked) == targets


def test_a_page_has_fifty_rows_and_a_constant_number_of_queries(client, course, teacher):
    costs = []
    for length in (1, 60):
        for number in range(length):
            note(course, teacher, target=f"{number}")
        with counted_statements() as statements:
            rows = found(client, course)
        costs.append(len(statements))
    assert (len(rows), costs[0]) == (50, costs[1])
    assert len(found(client, course, page="2")) == 11


def test_an_entry_is_never_changed_or_removed(course, teacher):
    entry = note(course, teacher)
    for act in (lambda: AuditEntry.objects.update(reason="another"), entry.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_an_empty_log_shows_a_note(client, course, teacher):
    address = reverse("audit", args=[course.slug])
    assert "This course has no entries yet" in client.get(address).content.decode()
    note(course, teacher, details={"points": None})
    assert "points: none" in client.get(address).content.decode()


def test_days_are_whole_days_of_the_readers_zone(client, course, teacher):
    for name, at in {
        "before": datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC),
        "first": datetime(2026, 11, 23, 23, tzinfo=UTC),  # midnight in Berlin
        "last": datetime(2026, 11, 24, 22, 59, 59, 999999, tzinfo=UTC),
        "after": datetime(2026, 11, 24, 23, tzinfo=UTC),
    }.items():
        note(course, teacher, target=name, now=at)
    assert found(client, course, since="2026-11-24", until="2026-11-24") == ["last", "first"]
    assert "Europe/Berlin" in client.get(reverse("audit", args=[course.slug])).content.decode()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "24.11.2026"}, "Enter the date as year, month and day: 2026-11-25."),
        ({"until": "2026-13-45"}, "Enter the date as year, month and day: 2026-11-25."),
        ({"since": "2026-11-25", "until": "2026-11-24"}, "The last day is before the first day."),
        ({"action": "nothing"}, "nothing is not one of the available choices."),
        ({"words": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_an_invalid_filter_shows_an_error_and_no_entries(client, course, teacher, asked, sentence):
    note(course, teacher)
    for address in ("audit", "audit_csv"):
        page = client.get(reverse(address, args=[course.slug]), asked)
        assert (page.status_code, sentence in page.content.decode()) == (400, True)
        assert list(page.context["rows"]) == []


def other_objects(course, teacher, mina):
    lab = make_lab(course=course, title="Perceptrons")
    lesson = make.make_lesson(module=make.make_module(course=course), title="Losses")
    subject = HelpSubject("lesson", lesson.pk, "Losses")
    asked = ask_for_help(learner=mina, course=course, subject=subject, text="Why?", now=make.NOW)
    facts = {"course": course, "author": teacher}
    posted = Announcement.objects.create(title="No class today", posted_at=make.NOW, **facts)
    times = {"created_at": make.NOW, "expires_at": make.NOW + timedelta(days=14)}
    invited = PersonalInvitation.objects.create(email="zoe@example.org", **times, **facts)
    return {
        "lab": f"lab:{lab.pk}",
        "help": f"help:{asked.pk}",
        "announcement": f"announcement:{posted.pk}",
        "invitation": f"invitation:{invited.pk}",
    }


@pytest.fixture
def deeds(course, teacher):
    """One entry about each kind of object."""
    review, exam = make.make_review(course=course, questions=1), make.make_exam(course=course, title="Finals")
    mina = make.enroll(course=course, user=make.make_user(username="mina44"))
    mina.enrollments.update(name="Mina Berg")
    others = other_objects(course, teacher, mina)  # nobody asks for help during an exam
    sitting, _ = services.start_sitting(learner=mina, assessment=exam, now=make.NOW)
    question = review.questions.get()
    report = services.report_question(learner=mina, question_id=question.pk, text="odd", now=make.NOW)
    targets = {
        "user": f"user:{mina.pk}",
        "sitting": f"sitting:{sitting.pk}",
        "question": f"question:{question.pk}",
        "report": f"report:{report.pk}",
        "file": "file:01-first/10-one.md",
        "course": f"course:{course.slug}",
        "unknown": "user:999999",
        **others,
    }
    for target in targets.values():
        note(course, teacher, target=target, reason="because")
    targets["about an exam"] = "x"
    note(course, teacher, target="x", reason="because", details={"assessment": exam.pk, "learner": mina.pk, "key": "k"})
    return {"mina": mina, "exam": exam, "question": question, "report": report, "targets": targets, "review": review}


def test_objects_have_their_names_and_links(client, course, teacher, deeds):
    lines = client.get(reverse("audit", args=[course.slug])).context["lines"]
    shown = {line.entry.target: (line.object.words, line.object.url) for line in lines}
    mina, exam, key = deeds["mina"], deeds["exam"], deeds["question"].key
    there = {
        name: reverse(name, args=[course.slug, *args])
        for name, args in {
            "learner": [mina.pk],
            "gradebook_cell": [mina.pk, exam.pk],
            "question_analysis": [deeds["question"].pk],
            "report_page": [deeds["report"].pk],
            "edit_text": ["01-first/10-one.md"],
            "dashboard": [],
        }.items()
    }
    expected = {
        "user": ("Mina Berg", there["learner"]),
        "sitting": ("Finals, Mina Berg", there["gradebook_cell"]),
        "question": (key, there["question_analysis"]),
        "report": (f"Report on {key}", there["report_page"]),
        "file": ("01-first/10-one.md", there["edit_text"]),
        "course": (course.title, there["dashboard"]),
        "unknown": ("user:999999", ""),
    }
    assert {kind: shown[deeds["targets"][kind]] for kind in expected} == expected
    assert sorted(lines[0].details) == [("assessment", "Finals"), ("learner", "Mina Berg")]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("mina44", {"user", "sitting", "report", "help"}),
        ("berg mina", {"user", "sitting", "report", "help"}),
        ("finals", {"sitting", "about an exam"}),
        ("perceptron", {"lab"}),
        ("LOSSES", {"help"}),
        ("class today", {"announcement"}),
        ("zoe@", {"invitation"}),
        ("01-first", {"file"}),
    ],
)
def test_words_find_objects_by_name_and_user_name(client, course, teacher, deeds, words, kinds):
    kind_of = {target: kind for kind, target in deeds["targets"].items()}
    assert {kind_of[target] for target in found(client, course, words=words)} == kinds
    key = deeds["question"].key
    assert {kind_of[target] for target in found(client, course, words=key)} == {"question", "report"}


def test_the_file_has_what_the_filter_finds_in_the_readers_zone(client, course, teacher, deeds):
    note(course, teacher, target="=1+1", action="void", reason="=cmd()")
    answer = client.get(reverse("audit_csv", args=[course.slug]), {"action": "void"})
    table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert table == [
        ["at", "actor_username", "actor_name", "action", "object", "object_name", "reason", "details"],
        ["2026-11-24T13:00:00+01:00", "ines", "Ines", "void", "'=1+1", "'=1+1", "'=cmd()", "{}"],
    ]
    whole = client.get(reverse("audit_csv", args=[course.slug]))
    rows = list(csv.reader(io.StringIO(b"".join(whole.streaming_content).decode())))[1:]
    assert len(rows) == AuditEntry.objects.filter(course=course).count()
    assert ["user", "Mina Berg"] in [[row[4].partition(":")[0], row[5]] for row in rows]


def test_the_file_is_complete_beyond_one_chunk(client, course, teacher, monkeypatch):
    monkeypatch.setattr("portal.workplace.audit_names.CHUNK", 2)
    for number in range(5):
        note(course, teacher, target=f"{number}")  # all at one instant
    answer = client.get(reverse("audit_csv", args=[course.slug]))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))[1:]
    assert [row[4] for row in rows] == ["4", "3", "2", "1", "0"]
