"""Sixteen workers at once: a learner has two places, and no run is claimed twice."""

import pytest
from django.core.cache import caches

from labs.models import Run
from labs.rules.queueing import QUEUES
from labs.services import claim_next
from tests.factories import NOW
from tests.labs.making import make_learner, order
from tests.races.running import in_threads


@pytest.fixture(autouse=True)
def no_message(monkeypatch):
    """The workers of this test need no waking."""
    monkeypatch.setattr("labs.services.ordering.wake_workers", lambda queue, host: None)
    caches["throttles"].clear()


def test_a_learner_has_two_places_however_many_workers_reach_for_them_on_both_queues():
    learner, other = make_learner(), make_learner()
    for number in range(8):
        run = order(learner)
        Run.objects.filter(pk=run.pk).update(queue=QUEUES[number % 2])
    order(other)
    first = claim_next(queue="training", worker="w", now=NOW)

    def reach(number):
        return claim_next(queue=QUEUES[number % 2], worker=f"w/{number}", now=NOW)

    taken = [first, *(run for run in in_threads(reach) if run)]
    assert [type(run) for run in taken] == [Run] * 3
    assert len({run.pk for run in taken}) == 3
    assert sorted(run.learner_id for run in taken) == sorted([learner.pk, learner.pk, other.pk])
