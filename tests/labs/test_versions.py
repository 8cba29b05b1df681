"""Learners read the code of their runs, and a restore keeps the code that it replaces."""

import pytest

from labs.models import LabDraft, Run
from labs.rules.cells import read_cells
from tests import factories as make
from tests.contract import ContractClient
from tests.labs.making import RIGHT, SCRIPT, START, make_lab
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab():
    return make_lab()


@pytest.fixture
def learner(lab):
    return make.enroll(course=lab.course)


@pytest.fixture
def api(learner):
    client = ContractClient()
    client.force_login(learner)
    return client


def save(api, lab, cells, revision, **more):
    return api.put(f"/api/v1/labs/{lab.pk}/draft/", {"cells": cells, "revision": revision, **more})


def versions(api, lab):
    found = api.get(f"/api/v1/labs/{lab.pk}/versions/").json()
    return [(each["revision"], each["cells"]) for each in found]


def test_a_restore_makes_a_new_version_and_keeps_the_one_that_it_replaces(api, lab):
    save(api, lab, RIGHT, 0)
    restored = save(api, lab, START, 1, keeps_replaced=True)
    assert (restored.json()["revision"], versions(api, lab)) == (2, [(1, RIGHT)])
    assert LabDraft.objects.get().cells == START
    again = save(api, lab, START, 1, keeps_replaced=True)  # its answer was lost
    assert (again.json()["revision"], versions(api, lab)) == (2, [(1, RIGHT)])
    save(api, lab, RIGHT, 2, keeps_replaced=True)
    assert versions(api, lab) == [(2, START), (1, RIGHT)]


def test_a_restore_does_not_overwrite_newer_work(api, lab):
    save(api, lab, START, 0)
    save(api, lab, RIGHT, 1)
    refused = save(api, lab, START, 1, keeps_replaced=True)
    assert (refused.status_code, refused.json()["draft"]) == (409, {"cells": RIGHT, "revision": 2})
    assert versions(api, lab) == []


def test_an_ordinary_save_keeps_no_version(api, lab):
    save(api, lab, START, 0)
    save(api, lab, RIGHT, 1)
    assert versions(api, lab) == []


def test_an_ordinary_save_neither_reads_nor_writes_the_kept_versions(api, lab):
    save(api, lab, RIGHT, 0)
    save(api, lab, START, 1, keeps_replaced=True)
    with counted_statements() as statements:
        assert save(api, lab, RIGHT, 2).status_code == 200
    touched = [statement for statement in statements if "labs_labdraft" in statement]
    assert len(touched) == 3
    assert [statement for statement in touched if '"versions"' in statement] == []
    assert versions(api, lab) == [(1, RIGHT)]


def test_code_of_cells_that_the_author_renumbered_stays_among_the_versions(api, lab):
    save(api, lab, RIGHT, 0)
    lab.cells = read_cells(f"# %% [markdown]\n# New.\n\n{SCRIPT}")
    lab.save()
    shifted = [{"id": str(int(cell["id"]) + 1), "source": cell["source"]} for cell in START]
    assert [save(api, lab, shifted, revision).status_code for revision in (1, 2)] == [200, 200]
    assert versions(api, lab) == [(1, RIGHT)]


def test_versions_are_the_learners_own(api, lab):
    save(api, lab, RIGHT, 0)
    save(api, lab, START, 1, keeps_replaced=True)
    other = ContractClient()
    other.force_login(make.enroll(course=lab.course))
    assert versions(other, lab) == []


def run(learner, lab, code, **fields):
    values = {"runtime": "tf2", "queue": "quick", "state": "finished", "verdict": "succeeded", "mode": "cell"}
    values |= {"created_at": make.NOW, "finished_at": make.NOW, "cells": [{"id": "3", "source": code}]}
    return Run.objects.create(learner=learner, lab=lab, **{**values, **fields})


def test_the_code_of_a_run_comes_with_the_code_before(api, learner, lab):
    first = run(learner, lab, "x = 1")
    second = run(learner, lab, "x = 2", created_at=make.NOW.replace(year=make.NOW.year + 1))
    found = {each.pk: api.get(f"/api/v1/runs/{each.pk}/code/").json()["cells"] for each in (first, second)}
    assert found == {
        first.pk: [{"id": "3", "source": "x = 1", "before": START[1]["source"], "run_before": None}],
        second.pk: [{"id": "3", "source": "x = 2", "before": "x = 1", "run_before": first.pk}],
    }
    assert [row["cell"] for row in api.get(f"/api/v1/labs/{lab.pk}/runs/").json()["results"]] == ["3", "3"]


def test_the_code_of_others_is_not_found_and_a_run_outside_labs_has_none_before(api, learner, lab):
    theirs = run(make.enroll(course=lab.course), lab, "x = 1")
    assert api.get(f"/api/v1/runs/{theirs.pk}/code/").status_code == 404
    run(learner, None, "x = 1", mode="free")
    free = run(learner, None, "x = 2", mode="free", created_at=make.NOW.replace(year=make.NOW.year + 1))
    (cell,) = api.get(f"/api/v1/runs/{free.pk}/code/").json()["cells"]
    assert (cell["before"], cell["run_before"]) == ("", None)
