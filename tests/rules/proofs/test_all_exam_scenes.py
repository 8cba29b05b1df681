"""The rules of the exam hold in every order of every scene of the model."""

import json
from pathlib import Path

from tests.rules.exam_orders import SCENES, explore, orders_of, violations

FIGURES = Path(__file__).resolve().parents[3] / "build" / "proofs" / "exam_rules.json"


def test_no_order_of_any_scene_breaks_an_invariant():
    taken = 0
    for scene in SCENES:
        for before, step, after, _ in explore(scene):
            assert list(violations(before, after)) == [], (before, step, after)
            taken += 1
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    figures = {"orders of steps": sum(map(orders_of, SCENES)), "steps from a state": taken, "violations": 0}
    FIGURES.write_text(json.dumps(figures))
