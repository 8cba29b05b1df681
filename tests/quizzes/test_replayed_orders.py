"""The services do what the model of the exam says, step by step, in every order of short scenes."""

import pytest

from tests.quizzes.replaying import Replay
from tests.rounds import second_round
from tests.rules.exam_orders import SHORT_CLOSING, SHORT_REGRADE, SHORT_SCENE, beginning, explore


@pytest.mark.django_db
@pytest.mark.parametrize(
    "scene",
    [
        pytest.param(SHORT_SCENE, id="two tabs"),
        pytest.param(SHORT_REGRADE, id="a regrade"),
        pytest.param(SHORT_CLOSING, id="a closing", marks=second_round),
    ],
)
def test_the_services_do_what_the_model_says_in_every_order_of_a_short_scene(scene, monkeypatch):
    edges = list(explore(scene))
    replay = Replay(monkeypatch, beginning(scene))
    replay.take_all(edges)
    assert replay.done == len(edges)
