"""Runners on other machines: labs work as with a runner here."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from labs.models import LeftFile, Run, Session
from labs.services import keep_file
from labs.tasks import run_waiting
from tests.factories import NOW
from tests.labs.hosts import Hosts
from tests.labs.making import RIGHT, make_lab, make_learner, text_of
from tests.labs.test_runs import later, order_in
from tests.runner.conftest import open_folder

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("runner hosts")]


@pytest.fixture(scope="module")
def fleet() -> Iterator[Hosts]:
    with ExitStack() as stack:
        hosts = Hosts(stack, stack.enter_context(open_folder()))
        hosts.start("a")
        yield hosts


@pytest.fixture
def hosts(fleet: Hosts, settings, tmp_path) -> Hosts:
    (tmp_path / "runners").symlink_to(fleet.keys)
    settings.RUNNERS = fleet.places
    return fleet


def code(source: str) -> list[dict[str, str]]:
    return [{"id": "2", "source": source}]


def test_cells_tests_and_files_work_on_another_machine(hosts):
    lab = make_lab(probes=SPLIT, files={"expected.py": "FACTOR = 2"})
    learner = make_learner(lab)
    keep_file(learner=learner, lab=lab, name="data.txt", content=b"7", now=NOW)
    source = "print(open('data.txt').read()); _ = open('left.txt', 'w').write('8')"
    cell = order_in(lab, learner, code(source), mode="cell", cell="2")
    tests = order_in(lab, learner, RIGHT, mode="test", now=later(1))
    assert run_waiting("quick") == 2
    cell, tests = (Run.objects.get(pk=run.pk) for run in (cell, tests))
    assert (cell.verdict, text_of(cell)) == ("succeeded", "7\n")
    assert (tests.verdict, tests.has_passed) == ("succeeded", True)
    assert Session.objects.get().runner == "a"
    assert bytes(LeftFile.objects.get(name="left.txt").content) == b"8"


SPLIT = """from pathlib import Path
from labs.runner.judge.authoring import Call

FACTOR = int((Path(__file__).parent / "expected.py").read_text().split()[-1])
PROBES = [
    Call(name="Doubles", points=2, function="double", draw=lambda rng: (float(rng.uniform(1, 9)),),
         reference=lambda x: FACTOR * x, message="double(x) returns 2 · x."),
]
"""
