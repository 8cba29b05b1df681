"""The services do what the model of the exam says in every order of two tabs, the sweeper, the worker, an instructor and the clock."""

import json
from pathlib import Path

import pytest
from django.db import connection

from tests.quizzes.replaying import Replay
from tests.rules.exam_orders import REPLAYED, explore, orders_of

FIGURES = Path(__file__).resolve().parents[3] / "build" / "proofs" / "exam_orders.json"


@pytest.mark.django_db
def test_the_services_do_what_the_model_says_in_every_order(monkeypatch):
    edges = {
        (before, step): (before, step, after, said)
        for scene in REPLAYED
        for before, step, after, said in explore(scene)
    }
    replay = Replay(monkeypatch)
    replay.take_all(edges.values())
    assert replay.done == len(edges)
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    figures = {
        "database": connection.vendor,
        "orders of steps": sum(map(orders_of, REPLAYED)),
        "states": len(replay.reached),
        "steps from a state, taken by the model and by the services": replay.done,
        "differences": 0,
    }
    with FIGURES.open("a") as file:
        file.write(json.dumps(figures) + "\n")
