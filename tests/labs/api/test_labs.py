"""Labs through the API, as used by a program that knows only docs/api.md."""

import pytest
from rest_framework.test import APIClient

from labs.tasks import run_waiting
from tests import factories as make
from tests.labs.making import RIGHT, START, make_lab

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab():
    return make_lab()


@pytest.fixture
def api(lab):
    return client_of(make.enroll(course=lab.course))


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def printed(run):
    return "".join(output["data"]["text/plain"] for output in run["outputs"])


def url(lab, end=""):
    return f"/api/v1/labs/{lab.pk}/{end}"


def test_a_lab_shows_cells_and_tests_names_and_nothing_of_its_judge(lab, api):
    body = api.get(url(lab)).json()
    assert [cell["type"] for cell in body["cells"]] == ["markdown", "code", "code", "code"]
    assert body["tests"] == [{"name": "Doubles", "points": 2}]
    assert (body["draft"], body["solution"], body["results"]["tests"]) == (None, None, None)
    assert "reference" not in str(body)


def test_a_draft_is_kept_and_a_stale_one_gets_the_stored_one_back(lab, api):
    assert api.put(url(lab, "draft/"), {"cells": RIGHT, "revision": 0}).json()["revision"] == 1
    assert api.get(url(lab)).json()["draft"] == {"cells": RIGHT, "revision": 1}
    stale = api.put(url(lab, "draft/"), {"cells": START, "revision": 0})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_draft")
    assert stale.json()["draft"] == {"cells": RIGHT, "revision": 1}
    foreign = api.put(url(lab, "draft/"), {"cells": [{"id": "9", "source": ""}], "revision": 1})
    assert (foreign.status_code, foreign.json()["code"]) == (400, "cell_unknown")


def test_a_test_run_is_accepted_at_once_and_ends_with_the_tests_rows(runner, lab, api):
    accepted = api.post(url(lab, "runs/"), {"cells": RIGHT, "mode": "test"})
    run = accepted.json()
    assert (accepted.status_code, run["state"], run["verdict"], run["position"]) == (202, "queued", None, 1)
    assert (run["outputs"], run["tests"]) == ([], None)
    run_waiting("quick")
    done = api.get(f"/api/v1/runs/{run['id']}/").json()
    assert (done["state"], done["verdict"], done["position"]) == ("finished", "succeeded", None)
    assert [(row["name"], row["verdict"]) for row in done["tests"]] == [("Doubles", "passed")]
    assert printed(done) == "2\n"
    assert api.get(url(lab)).json()["solution"] is not None


def test_the_same_key_runs_once(lab, api):
    body = {"code": "print(1)", "runtime": "tf2"}
    first, again = (api.post("/api/v1/runs/", body, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (202, 202, first.json())


def test_a_run_is_stopped_and_a_session_reset(lab, api):
    run = api.post(url(lab, "runs/"), {"cells": RIGHT, "cell": "2", "mode": "cell"}).json()
    assert api.post(f"/api/v1/runs/{run['id']}/stop/").json()["verdict"] == "stopped"
    assert api.delete(url(lab, "session/")).status_code == 204


def test_a_listing_runs_in_its_pages_session(runner, lab, api):
    code = [{"id": "a", "runtime": "tf2", "run": True, "after": [], "source": "print('a')", "expect": None}]
    lesson = make.make_lesson(module=lab.module, listings=code)
    where = f"/api/v1/lessons/{lesson.pk}/"
    run = api.post(f"{where}runs/", {"listing": "a", "source": "print('mine')", "page": "tab1"})
    assert run.status_code == 202
    run_waiting("quick")
    done = api.get(f"/api/v1/runs/{run.json()['id']}/").json()
    assert (printed(done), {each["cell"] for each in done["outputs"]}) == ("mine\n", {"a"})
    assert [api.delete(f"{where}session/?page={page}").status_code for page in ("tab1", "tab1+", "")] == [204, 400, 400]
    gone = api.post(f"{where}runs/", {"listing": "b", "page": "tab1"})
    assert (gone.status_code, gone.json()["code"]) == (400, "listing_unknown")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"cells": RIGHT, "mode": "cell"}, "cell_unknown"),
        ({"cells": [], "mode": "all"}, "cell_unknown"),
        ({"cells": RIGHT + RIGHT, "mode": "all"}, "cell_unknown"),
        ({"cells": RIGHT, "mode": "grade"}, "invalid_request"),
        ({"cells": "all", "mode": "all"}, "invalid_request"),
        ({"cells": RIGHT, "mode": "all", "probes": "mine"}, "invalid_request"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(lab, api, body, code):
    answer = api.post(url(lab, "runs/"), body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_running_is_for_the_enrolled_and_staff_only_look(lab):
    stranger, staff = client_of(make.make_user()), client_of(make.make_user(is_staff=True))
    body = {"cells": RIGHT, "mode": "all"}
    assert [client.get(url(lab)).status_code for client in (stranger, staff)] == [403, 200]
    codes = [client.post(url(lab, "runs/"), body).json()["code"] for client in (stranger, staff)]
    assert codes == ["not_enrolled", "preview_only"]
    free = {"code": "print(1)", "runtime": "tf2"}
    assert stranger.post("/api/v1/runs/", free).json()["code"] == "not_enrolled"
    assert APIClient().post("/api/v1/runs/", free).status_code == 401
    assert stranger.get("/api/v1/runs/nothing/").status_code == 404
