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


@pytest.fixture
def listing(lab):
    """The address of a lesson with a listing that runs."""
    code = [{"id": "a", "runtime": "tf2", "run": True, "after": [], "source": "print('a')", "expect": None}]
    return f"/api/v1/lessons/{make.make_lesson(module=lab.module, listings=code).pk}/"


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def printed(run):
    return "".join(output["data"]["text/plain"] for output in run["outputs"])


def url(lab, end=""):
    return f"/api/v1/labs/{lab.pk}/{end}"


def test_labs_show_cells_and_names_of_tests_and_nothing_of_their_judge(lab, api):
    body = api.get(url(lab)).json()
    assert [cell["type"] for cell in body["cells"]] == ["markdown", "code", "code", "code"]
    assert body["tests"] == [{"name": "Doubles", "points": 2}]
    assert (body["draft"], body["solution"], body["results"]["tests"]) == (None, None, None)
    assert "reference" not in str(body)


def test_labs_draft_is_kept_and_a_stale_one_gets_the_stored_one_back(lab, api):
    assert api.put(url(lab, "draft/"), {"cells": RIGHT, "revision": 0}).json()["revision"] == 1
    assert api.get(url(lab)).json()["draft"] == {"cells": RIGHT, "revision": 1}
    stale = api.put(url(lab, "draft/"), {"cells": START, "revision": 0})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_draft")
    assert stale.json()["draft"] == {"cells": RIGHT, "revision": 1}
    foreign = api.put(url(lab, "draft/"), {"cells": [{"id": "9", "source": ""}], "revision": 1})
    assert (foreign.status_code, foreign.json()["code"]) == (400, "cell_unknown")


def test_labs_runs_are_accepted_at_once_and_end_with_the_rows_of_the_tests(runner, lab, api):
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


def test_runs_with_the_same_key_are_one(lab, api):
    body = {"code": "print(1)", "runtime": "tf2"}
    first, again = (api.post("/api/v1/runs/", body, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (202, 202, first.json())


def test_labs_session_is_reset_after_a_run_was_stopped(lab, api):
    run = api.post(url(lab, "runs/"), {"cells": RIGHT, "cell": "2", "mode": "cell"}).json()
    assert api.post(f"/api/v1/runs/{run['id']}/stop/").json()["verdict"] == "stopped"
    assert api.delete(url(lab, "session/")).status_code == 204


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
def test_labs_runs_that_make_no_sense_are_refused(lab, api, body, code):
    answer = api.post(url(lab, "runs/"), body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_runs_are_for_the_enrolled_and_staff_only_look(lab):
    stranger, staff = client_of(make.make_user()), client_of(make.enroll(course=lab.course, role="observer"))
    body = {"cells": RIGHT, "mode": "all"}
    assert [client.get(url(lab)).status_code for client in (stranger, staff)] == [403, 200]
    codes = [client.post(url(lab, "runs/"), body).json()["code"] for client in (stranger, staff)]
    assert codes == ["not_enrolled", "preview_only"]
    free = {"code": "print(1)", "runtime": "tf2"}
    assert stranger.post("/api/v1/runs/", free).json()["code"] == "not_enrolled"
    assert APIClient().post("/api/v1/runs/", free).status_code == 401
    assert stranger.get("/api/v1/runs/nothing/").status_code == 404


def test_labs_runs_are_listed_newest_first_without_output(lab, api):
    for _ in range(3):
        api.post(f"/api/v1/labs/{lab.pk}/runs/", {"cells": [{"id": "2", "source": ""}], "mode": "all"})
    client_of(make.enroll(course=lab.course)).post(
        f"/api/v1/labs/{lab.pk}/runs/", {"cells": [{"id": "2", "source": ""}], "mode": "all"}
    )
    page = api.get(f"/api/v1/labs/{lab.pk}/runs/?page_size=2").json()
    rest = api.get(page["next"]).json()
    rows = page["results"] + rest["results"]
    assert (len(page["results"]), len(rest["results"]), rest["next"]) == (2, 1, None)
    assert [row["created_at"] for row in rows] == sorted((row["created_at"] for row in rows), reverse=True)
    assert set(rows[0]) == {"id", "mode", "cell", "state", "verdict", "created_at", "finished_at", "tests"}
    assert api.get(f"/api/v1/labs/{lab.pk}/runs/?cursor=cD1hYmM=").status_code == 400


def test_lessons_runs_are_in_the_session_of_their_page(runner, api, listing):
    run = api.post(f"{listing}runs/", {"listing": "a", "source": "print('mine')", "page": "tab1"})
    assert run.status_code == 202
    run_waiting("quick")
    done = api.get(f"/api/v1/runs/{run.json()['id']}/").json()
    assert (printed(done), {each["cell"] for each in done["outputs"]}) == ("mine\n", {"a"})
    gone = api.post(f"{listing}runs/", {"listing": "b", "page": "tab1"})
    assert (gone.status_code, gone.json()["code"]) == (400, "listing_unknown")


def test_lessons_session_is_ended_by_the_name_of_its_page(api, listing):
    ended = [api.delete(f"{listing}session/?page={page}").status_code for page in ("tab1", "tab1+", "")]
    assert ended == [204, 400, 400]


def test_labs_versions_keep_what_a_restore_replaced(lab, api):
    for revision, cells in enumerate((RIGHT, START)):
        api.put(url(lab, "draft/"), {"cells": cells, "revision": revision, "keeps_replaced": True})
    assert [(each["revision"], each["cells"]) for each in api.get(url(lab, "versions/")).json()] == [(1, RIGHT)]
