"""An instructor reads a learner's work in a lab through the API, after opening it with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.turns import turns
from labs.api.runs import COSTLY
from labs.models import OutputPage, Run
from records.models import AuditEntry
from tests import factories as make
from tests.contract import ContractClient
from tests.labs.making import START, make_lab
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab():
    return make_lab()


@pytest.fixture
def learner(lab):
    return make.enroll(course=lab.course)


@pytest.fixture
def teacher(lab):
    client = ContractClient()
    client.user = instructor_of(lab.course)
    client.force_login(client.user)
    return client


@pytest.fixture
def address(lab, learner):
    return f"/api/v1/courses/{lab.course.slug}/learners/{learner.pk}/labs/{lab.pk}/"


def ran(learner, lab, code, minute):
    at = timezone.now() - timedelta(hours=1) + timedelta(minutes=minute)
    said = [{"seq": 0, "cell": "3", "data": {"text/plain": f"minute {minute}"}}]
    values = {"mode": "cell", "runtime": "tf2", "queue": "quick", "cells": [{"id": "3", "source": code}]}
    values |= {"created_at": at, "started_at": at, "finished_at": at, "state": "finished", "verdict": "succeeded"}
    return Run.objects.create(learner=learner, lab=lab, outputs=said, has_output=True, **values)


def test_courses_learners_labs_are_read_only_after_they_were_opened(teacher, lab, learner, address):
    run = ran(learner, lab, "x = 1", 0)
    asked = [f"{address}runs/", f"{address}runs/{run.pk}/", f"{address}runs/{run.pk}/outputs/"]
    answers = [teacher.get(where) for where in asked]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "lab_work_unopened")}
    assert teacher.post(address, {}).json()["code"] == "reason_missing"
    assert AuditEntry.objects.count() == 0


def test_courses_learners_labs_runs_show_their_code_and_the_code_before(teacher, lab, learner, address):
    first, second = ran(learner, lab, "x = 1", 0), ran(learner, lab, "x = 2", 1)
    OutputPage.objects.create(run=second, number=1, outputs=[{"seq": 1, "cell": "3", "data": {"text/plain": "more"}}])
    opened = teacher.post(address, {"reason": "asked for help"})
    assert opened.status_code == 201
    assert AuditEntry.objects.values_list("actor", "action", "reason", "details").get() == (
        teacher.user.pk,
        "open_lab_work",
        "asked for help",
        {"lab": lab.pk},
    )
    assert [run["id"] for run in teacher.get(f"{address}runs/").json()["results"]] == [second.pk, first.pk]
    found = teacher.get(f"{address}runs/{second.pk}/").json()
    assert found["cells"] == [{"id": "3", "source": "x = 2", "before": "x = 1", "run_before": first.pk}]
    assert [output["data"] for output in found["outputs"]] == [{"text/plain": "minute 1"}]
    rest = teacher.get(found["outputs_next"]).json()
    assert ([output["data"] for output in rest["results"]], rest["next"]) == ([{"text/plain": "more"}], None)
    assert teacher.get(rest["previous"]).json()["next"] == found["outputs_next"]
    (cell,) = teacher.get(f"{address}runs/{first.pk}/").json()["cells"]
    assert (cell["before"], cell["run_before"]) == (START[1]["source"], None)


def test_courses_learners_labs_runs_outputs_are_read_beside_a_run_and_other_runs_are_not(
    teacher, lab, learner, address
):
    run = ran(learner, lab, "x = 1", 0)
    Run.objects.update(size=COSTLY + 1)
    teacher.post(address, {"reason": "asked for help"})
    assert teacher.get(f"{address}runs/{run.pk}/").status_code == 200
    Run.objects.update(size=1)
    turns.take(teacher.user.pk)
    try:
        asked = [teacher.get(f"{address}runs/{run.pk}/{rest}").status_code for rest in ("", "outputs/")]
    finally:
        turns.give_back(teacher.user.pk)
    assert asked == [429, 200]
    assert teacher.get(f"{address}runs/{run.pk}/").status_code == 200


def test_courses_learners_labs_runs_that_go_on_have_code_and_no_output(teacher, lab, learner, address):
    run = ran(learner, lab, "x = 1", 0)
    Run.objects.update(state="running", verdict=None, finished_at=None)
    teacher.post(address, {"reason": "asked for help"})
    found = teacher.get(f"{address}runs/{run.pk}/").json()
    assert (found["outputs"], found["state"], len(found["cells"])) == ([], "running", 1)


def test_courses_learners_labs_runs_of_others_and_of_other_labs_are_not_found(teacher, lab, learner, address):
    teacher.post(address, {"reason": "asked for help"})
    others = [ran(make.enroll(course=lab.course), lab, "x", 0), ran(learner, make_lab(course=lab.course), "x", 0)]
    assert {teacher.get(f"{address}runs/{run.pk}/").status_code for run in others} == {404}
    assert teacher.post(address.replace(lab.pk, make_lab().pk), {"reason": "asked for help"}).status_code == 404
    stranger = make.make_user()
    elsewhere = address.replace(f"/{learner.pk}/", f"/{stranger.pk}/")
    assert teacher.post(elsewhere, {"reason": "asked for help"}).status_code == 404
