"""A learner's work in a lab, as an instructor opens it: with a reason, run by run."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from labs.models import LabDraft, OutputPage, Run
from records.models import AuditEntry
from tests import factories as make
from tests.labs.making import START, make_lab
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
WHY = {"reason": "asked for help"}


@pytest.fixture(autouse=True)
def at_the_time():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def lab():
    return make_lab()


@pytest.fixture
def learner(lab):
    return make.enroll(course=lab.course)


@pytest.fixture
def teacher(client, lab):
    person = instructor_of(lab.course)
    client.force_login(person)
    return person


def address_of(lab, learner):
    return reverse("lab_work", args=[lab.course.slug, learner.pk, lab.pk])


def ran(learner, lab, code, *, minute=0, cell="3", **fields):
    """Make a finished run of one cell that printed its minute."""
    at = make.NOW + timedelta(minutes=minute)
    values = {"mode": "cell", "runtime": "tf2", "queue": "quick", "cells": [{"id": cell, "source": code}]}
    values |= {"created_at": at, "started_at": at, "finished_at": at + timedelta(seconds=1.5)}
    values |= {"state": "finished", "verdict": "succeeded", "has_output": True}
    values |= {"outputs": [{"seq": 0, "cell": cell, "data": {"text/plain": f"printed in minute {minute}"}}]}
    return Run.objects.create(learner=learner, lab=lab, **{**values, **fields})


def opened(client, lab, learner):
    answer = client.post(address_of(lab, learner), WHY)
    assert (answer.status_code, answer.url) == (302, address_of(lab, learner))


def text_of(page):
    return " ".join(page.content.decode().split())


def test_it_opens_with_a_reason_that_the_audit_keeps(client, lab, learner, teacher):
    ran(learner, lab, "secret = 1")
    closed = client.get(address_of(lab, learner))
    assert (closed.status_code, "secret" in closed.content.decode()) == (200, False)
    assert client.post(address_of(lab, learner), {"reason": " "}).status_code == 400
    assert AuditEntry.objects.count() == 0
    opened(client, lab, learner)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.target, entry.reason, entry.details) == (
        teacher,
        "open_lab_work",
        f"user:{learner.pk}",
        "asked for help",
        {"lab": lab.pk},
    )
    assert "secret" in client.get(address_of(lab, learner)).content.decode()
    audit = text_of(client.get(reverse("audit", args=[lab.course.slug])))
    assert "open lab work" in audit
    assert lab.title in audit


def test_it_stays_open_for_twelve_hours_to_this_instructor_for_this_learner_in_this_lab(client, lab, learner, teacher):
    opened(client, lab, learner)

    def is_open(lab, learner):
        return "Open the lab" not in client.get(address_of(lab, learner)).content.decode()

    assert is_open(lab, learner)
    assert not is_open(lab, make.enroll(course=lab.course))
    assert not is_open(make_lab(course=lab.course), learner)
    with time_machine.travel(make.NOW + timedelta(hours=12), tick=False):
        assert not is_open(lab, learner)
    client.force_login(instructor_of(lab.course))
    assert not is_open(lab, learner)


def test_a_run_shows_its_code_what_changed_its_output_and_its_tests(client, lab, learner, teacher):
    first = ran(learner, lab, "def double(x):\n    return x * 3")
    tests = [{"name": "Doubles", "points": 2, "verdict": "failed", "message": "off by 1.5", "tolerance": ""}]
    second = ran(learner, lab, "def double(x):\n    return x * 2", minute=5, mode="test", tests=tests)
    opened(client, lab, learner)
    page = client.get(address_of(lab, learner))
    (cell,) = page.context["shown"].cells
    assert (page.context["shown"].run, cell.ran.run_before) == (second, first.pk)
    assert [(line.kind, line.text) for line in cell.ran.lines] == [
        ("same", "def double(x):"),
        ("removed", "    return x * 3"),
        ("added", "    return x * 2"),
    ]
    text = text_of(page)
    assert [
        part
        for part in ("printed in minute 5", "off by 1.5", "Doubles", "0 / 1", "1.5 s", "Code of cell 2")
        if part not in text
    ] == []
    assert "printed in minute 0" not in text
    earlier = client.get(address_of(lab, learner), {"run": first.pk})
    (cell,) = earlier.context["shown"].cells
    assert (cell.ran.before, cell.ran.run_before) == (START[1]["source"], None)
    assert "Changes to the starting code:" in text_of(earlier)


def test_the_time_line_lists_every_run_newest_first(client, lab, learner, teacher):
    runs = [ran(learner, lab, f"x = {number}", minute=number, cell="2") for number in range(51)]
    LabDraft.objects.create(learner=learner, lab=lab, saved_at=make.NOW)
    opened(client, lab, learner)
    page = client.get(address_of(lab, learner))
    assert [run.pk for run in page.context["runs"]] == [run.pk for run in runs[:0:-1]]
    assert page.context["saved_at"] == make.NOW
    text = text_of(page)
    assert text.count("Cell 1, Succeeded") == 50
    assert "Code last saved:" in text
    older = client.get(address_of(lab, learner), {"page": "2"})
    assert [run.pk for run in older.context["runs"]] == [runs[0].pk]


def test_long_output_comes_in_parts(client, lab, learner, teacher):
    run = ran(learner, lab, "x = 1")
    more = [{"seq": 1, "cell": None, "data": {"text/plain": "the rest of it"}}]
    OutputPage.objects.create(run=run, number=1, outputs=more)
    opened(client, lab, learner)
    first = client.get(address_of(lab, learner))
    assert (first.context["shown"].has_more, "the rest of it" in text_of(first)) == (True, False)
    second = client.get(address_of(lab, learner), {"run": run.pk, "part": "2"})
    assert (second.context["shown"].has_more, "the rest of it" in text_of(second)) == (False, True)
    assert client.get(address_of(lab, learner), {"run": run.pk, "part": "3"}).status_code == 404
    for part in ("0", "two", "99999"):
        assert client.get(address_of(lab, learner), {"run": run.pk, "part": part}).status_code == 400


def test_a_lab_without_runs_and_a_run_without_code_say_so(client, lab, learner, teacher):
    opened(client, lab, learner)
    assert "The learner has not run anything in this lab." in text_of(client.get(address_of(lab, learner)))
    ran(learner, lab, "", cells=[], outputs=[], has_output=False)
    assert "The code and the output of this run are no longer kept." in text_of(client.get(address_of(lab, learner)))


def test_what_code_printed_is_text_and_never_markup(client, lab, learner, teacher):
    hostile = "</script><script>alert(1)</script>"
    ran(learner, lab, hostile, outputs=[{"seq": 0, "cell": "3", "data": {"text/plain": hostile, "text/html": hostile}}])
    opened(client, lab, learner)
    assert "<script>alert" not in client.get(address_of(lab, learner)).content.decode()


def test_a_run_of_someone_else_or_of_another_lab_is_not_found(client, lab, learner, teacher):
    opened(client, lab, learner)
    theirs = ran(make.enroll(course=lab.course), lab, "x = 1")
    elsewhere = ran(learner, make_lab(course=lab.course), "x = 1")
    for run in (theirs, elsewhere):
        assert client.get(address_of(lab, learner), {"run": run.pk}).status_code == 404
    other = make_lab()
    address = reverse("lab_work", args=[lab.course.slug, learner.pk, other.pk])
    assert [client.get(address).status_code, client.post(address, WHY).status_code] == [404, 404]


@pytest.mark.parametrize("size", [1, 8])
def test_it_costs_the_same_statements_however_many_runs(client, lab, learner, teacher, size):
    for number in range(size):
        ran(learner, lab, f"x = {number}", minute=number)
    opened(client, lab, learner)
    with counted_statements() as statements:
        client.get(address_of(lab, learner))
    assert len(statements) <= 18


def test_the_learners_page_and_the_cell_link_the_work(client, lab, learner, teacher):
    ran(learner, lab, "x = 1")
    for page in ("learner", "gradebook_cell"):
        args = [lab.course.slug, learner.pk, *([lab.pk] if page == "gradebook_cell" else [])]
        assert f'href="{address_of(lab, learner)}"' in client.get(reverse(page, args=args)).content.decode()


def test_viewing_as_the_learner_starts_at_the_lab(client, lab, learner, teacher):
    opened(client, lab, learner)
    where = reverse("lab", args=[lab.pk])
    assert f'<input type="hidden" name="next" value="{where}">' in text_of(client.get(address_of(lab, learner)))
    form = {"next": where, "reason": "asked for help"}
    answer = client.post(reverse("start_viewing", args=[lab.course.slug, learner.pk]), form)
    assert answer.url == where
    assert client.get(where).context["user"] == learner
