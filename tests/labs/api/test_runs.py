"""A program reads its runs, their code and their outputs, and stops them."""

import pytest

from labs.models import OutputPage, Run
from tests import factories as make
from tests.labs.making import START

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(world):
    """Ada's run, which has ended with two pages of output."""
    said = [{"seq": number, "cell": "3", "data": {"text/plain": str(number)}} for number in (1, 2)]
    ended = {"state": "finished", "verdict": "succeeded", "started_at": make.NOW, "finished_at": make.NOW}
    Run.objects.filter(pk=world.ids["run_id"]).update(**ended, outputs=said[:1], has_output=True)
    OutputPage.objects.create(run_id=world.ids["run_id"], number=1, outputs=said[1:])
    return f"/api/v1/runs/{world.ids['run_id']}/"


def test_runs_wait_with_their_position(world):
    told = world.client("ada").get(f"/api/v1/runs/{world.ids['run_id']}/").json()
    assert (told["state"], told["position"], told["outputs_next"]) == ("queued", 1, None)


def test_runs_end_with_the_first_page_of_their_output(world, ran):
    told = world.client("ada").get(ran).json()
    assert (told["state"], [each["seq"] for each in told["outputs"]]) == ("finished", [1])
    assert told["outputs_next"].endswith(f"{ran}outputs/?cursor=1")


def test_runs_code_has_each_cell_as_it_ran(world, ran):
    cells = world.client("ada").get(f"{ran}code/").json()["cells"]
    assert [{"id": each["id"], "source": each["source"]} for each in cells] == START


def test_runs_outputs_come_in_pages(world, ran):
    ada = world.client("ada")
    first = ada.get(f"{ran}outputs/").json()
    rest = ada.get(first["next"]).json()
    assert [each["seq"] for each in (*first["results"], *rest["results"])] == [1, 2]
    assert (rest["next"], ada.get(rest["previous"]).json()) == (None, first)


def test_runs_stop_is_harmless_again(world):
    address = f"/api/v1/runs/{world.ids['run_id']}/stop/"
    assert [world.client("ada").post(address).json()["verdict"] for _ in range(2)] == ["stopped"] * 2
