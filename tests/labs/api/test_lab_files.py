"""Files beside a lab's code, added by learners or left by code, are never interpreted."""

from datetime import timedelta

import pytest

from labs import sandbox
from labs.models import LabFile, LeftFile
from labs.rules.files import LARGEST
from labs.services import claim_next, clear_leftovers
from labs.services.work_folders import collect_files
from labs.tasks import run_waiting
from tests import factories as make
from tests.factories import NOW
from tests.labs.api.test_labs import client_of, printed
from tests.labs.making import make_lab, make_learner, order

BYTES = "application/octet-stream"


@pytest.fixture
def lab(db):
    return make_lab()


@pytest.fixture
def api(lab):
    return client_of(make.enroll(course=lab.course))


def files(lab, name=""):
    return f"/api/v1/labs/{lab.pk}/files/{name}"


def put(api, lab, name, content):
    return api.put(files(lab, name), content, content_type=BYTES)


def run(api, lab, source, mode="cell", cell="2"):
    """Return the finished run of a cell, or of all cells with the tests."""
    body = {"cells": [{"id": "2", "source": source}], "mode": mode} | ({"cell": cell} if mode == "cell" else {})
    found = api.post(f"/api/v1/labs/{lab.pk}/runs/", body).json()
    run_waiting("quick")
    return api.get(f"/api/v1/runs/{found['id']}/").json()


def left(api, run):
    return api.get(f"/api/v1/runs/{run['id']}/files/").json()


def test_labs_files_are_stored_listed_replaced_fetched_as_attachments_and_deleted(lab, api):
    assert put(api, lab, "page.html", b"<script>").status_code == 201
    again = put(api, lab, "page.html", b"<script>alert(1)</script>")
    assert (again.status_code, again.json()) == (200, {"name": "page.html", "size": 25})
    assert api.get(files(lab)).json() == [{"name": "page.html", "size": 25}]
    fetched = api.get(files(lab, "page.html"))
    assert (fetched.content, fetched["Content-Type"]) == (b"<script>alert(1)</script>", BYTES)
    assert fetched["Content-Disposition"] == 'attachment; filename="page.html"'
    assert fetched["X-Content-Type-Options"] == "nosniff"
    assert [api.delete(files(lab, "page.html")).status_code for _ in range(2)] == [204, 404]
    assert api.get(files(lab, "page.html")).json()["code"] == "not_found"
    assert api.get(files(lab)).json() == []


def test_labs_files_of_five_megabytes_are_taken_and_of_a_byte_more_are_not(lab, api):
    assert put(api, lab, "most", bytes(LARGEST)).status_code == 201
    more = put(api, lab, "more", bytes(LARGEST + 1))
    assert (more.status_code, more.json()["code"]) == (413, "file_too_large")
    assert put(api, lab, "%2e%2e%2fsecret", b"x").status_code == 404
    unfit = put(api, lab, "%1b", b"x")
    assert (unfit.status_code, unfit.json()["code"]) == (400, "file_name_unfit")
    assert list(LabFile.objects.values_list("name", flat=True)) == ["most"]


def test_labs_files_are_reached_by_their_own_learner_only(lab, api):
    put(api, lab, "mine", b"x")
    other, stranger = client_of(make.enroll(course=lab.course)), client_of(make.make_user())
    staff, teacher = (
        client_of(make.enroll(course=lab.course, role="observer")),
        client_of(make.enroll(course=lab.course, role="instructor")),
    )
    assert other.get(files(lab, "mine")).status_code == 404
    assert [put(each, lab, "a", b"x").json()["code"] for each in (stranger, staff, teacher)] == [
        *("not_enrolled", "preview_only", "preview_only")
    ]
    assert stranger.get(files(lab)).json()["code"] == "not_enrolled"


def test_labs_files_are_the_current_ones_in_sessions_and_test_runs(runner, lab, api):
    read = "import os; print(sorted(os.listdir()), open('a.txt').read())"
    put(api, lab, "a.txt", b"one")
    put(api, lab, "b.txt", b"")
    assert printed(run(api, lab, read)) == "['a.txt', 'b.txt'] one\n"
    put(api, lab, "a.txt", b"two")
    api.delete(files(lab, "b.txt"))
    assert printed(run(api, lab, read)) == "['a.txt'] two\n"
    tested = run(api, lab, read, mode="test")
    assert printed(tested) == "['a.txt'] two\n"
    assert left(api, tested) == []


def test_runs_files_that_code_left_are_fetched_by_its_learner_and_change_with_later_runs(runner, lab, api):
    first = run(
        api,
        lab,
        "import os; os.mkdir('out'); n = open('out/a.html', 'w').write('<b>'); open('big', 'wb').truncate(6 << 20)",
    )
    assert left(api, first) == [
        {"name": "big", "size": 6 << 20, "is_kept": False},
        {"name": "out/a.html", "size": 3, "is_kept": True},
    ]
    fetched = api.get(f"/api/v1/runs/{first['id']}/files/out/a.html")
    assert (fetched.content, fetched["Content-Disposition"]) == (b"<b>", 'attachment; filename="a.html"')
    assert api.get(f"/api/v1/runs/{first['id']}/files/big").json()["code"] == "file_not_kept"
    second = run(api, lab, "os.remove('big'); n = open('out/a.html', 'w').write('<i>')")
    assert left(api, second) == left(api, first) == [{"name": "out/a.html", "size": 3, "is_kept": True}]
    assert api.get(f"/api/v1/runs/{second['id']}/files/out/a.html").content == b"<i>"
    stranger = client_of(make.enroll(course=lab.course))
    assert stranger.get(f"/api/v1/runs/{first['id']}/files/").status_code == 404


def test_runs_files_of_the_newest_folders_are_kept_for_a_week(runner, lab, api):
    code = {"code": "open('a', 'w').close()", "runtime": "tf2"}
    for _ in range(5):
        api.post("/api/v1/runs/", code)
    run_waiting("quick")
    assert LeftFile.objects.count() == 4
    LeftFile.objects.update(saved_at=NOW)
    assert clear_leftovers(now=NOW + timedelta(days=7))["files"] == 0
    assert clear_leftovers(now=NOW + timedelta(days=7, seconds=1))["files"] == 4


def test_runs_files_lack_one_that_cannot_be_read_and_no_other(db, monkeypatch):
    def get_file(at, folder, name):
        if name == "sealed.txt":
            raise sandbox.Refused("no_such_file", "There is no such file.")
        return b"here"

    monkeypatch.setattr(sandbox, "get_file", get_file)
    ran = claim_next(queue=order(make_learner()).queue, worker="one", now=NOW)
    listed = [{"name": name, "size": 4, "changed": 1.0} for name in ("sealed.txt", "made.txt")]
    collect_files(run=ran, name="one", listed=listed, now=NOW)
    assert [(each.name, bytes(each.content)) for each in LeftFile.objects.all()] == [("made.txt", b"here")]


def test_labs_files_that_do_not_fit_into_the_work_folder_end_the_run_and_say_why(runner, lab, api):
    lab.limits = {"disk": 2}
    lab.save()
    put(api, lab, "a", bytes(3 << 20))
    for mode in ("cell", "test"):
        assert run(api, lab, "print(1)", mode=mode)["verdict"] == "disk_limit"
