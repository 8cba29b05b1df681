"""What a learner ran in a lab: each run's code and the code before it."""

from datetime import timedelta

import pytest

from labs.history import RanCell, ran_cells, run_in_lab, time_line
from labs.models import Run
from labs.services.keeping import empty_runs
from tests.factories import NOW
from tests.labs.making import START, make_lab, make_learner

pytestmark = pytest.mark.django_db
STARTING = {cell["id"]: cell["source"] for cell in START}


@pytest.fixture
def lab():
    return make_lab()


@pytest.fixture
def learner(lab):
    return make_learner(lab)


def ran(learner, lab, minute, **sources):
    cells = [{"id": name.removeprefix("c"), "source": source} for name, source in sources.items()]
    values = {"runtime": "tf2", "queue": "quick", "state": "finished", "verdict": "succeeded", "finished_at": NOW}
    values |= {"mode": "cell", "created_at": NOW + timedelta(minutes=minute), "size": 10}
    return Run.objects.create(learner=learner, lab=lab, cells=cells, **values)


def before(lab, learner, run):
    return [(cell.id, cell.before, cell.run_before) for cell in ran_cells(run_in_lab(lab, learner.pk, run.pk))]


def test_a_cell_is_compared_with_the_last_run_that_executed_it(lab, learner):
    first = ran(learner, lab, 0, c2="a = 1", c3="b = 1")
    second = ran(learner, lab, 1, c3="b = 2")
    both = ran(learner, lab, 2, c2="a = 3", c3="b = 3", c4="c = 3")
    ran(learner, lab, 3, c4="c = 4")
    assert before(lab, learner, both) == [
        ("2", "a = 1", first.pk),
        ("3", "b = 2", second.pk),
        ("4", STARTING["4"], None),
    ]


def test_other_learners_other_labs_and_emptied_runs_are_left_out(lab, learner):
    emptied = ran(learner, lab, 0, c2="gone")
    empty_runs([emptied.pk])
    ran(make_learner(lab), lab, 1, c2="theirs")
    ran(learner, make_lab(course=lab.course), 2, c2="elsewhere")
    run = ran(learner, lab, 3, c2="mine")
    assert before(lab, learner, run) == [("2", STARTING["2"], None)]
    assert before(lab, learner, emptied) == []


def test_runs_of_the_same_instant_have_an_order(lab, learner):
    runs = [ran(learner, lab, 0, c2=f"a = {number}") for number in range(3)]
    newest, middle, oldest = time_line(lab, learner.pk)
    assert {run.pk for run in runs} == {newest.pk, middle.pk, oldest.pk}
    assert [before(lab, learner, run)[0][2] for run in (newest, middle, oldest)] == [middle.pk, oldest.pk, None]
    assert [run.first_cell for run in (newest, middle, oldest)] == ["2", "2", "2"]


def test_code_that_repeats_itself_is_not_compared_line_by_line():
    hostile = RanCell("2", "\n" * 1_500 + "b", "\n" * 1_500 + "a", None)
    kinds = [line.kind for line in hostile.lines]
    assert kinds == ["removed"] * 1_501 + ["added"] * 499 + ["gap"]
    assert [line.kind for line in RanCell("2", "a\nb", "a", None).lines] == ["same", "added"]
