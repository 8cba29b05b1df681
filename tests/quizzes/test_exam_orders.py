"""The services do what the model of the exam says, step by step, in an order of each kind."""

import pytest

from tests.quizzes.replaying import Replay
from tests.rules.exam_model import SHORT_SCENE, explore


@pytest.mark.django_db
def test_the_services_do_what_the_model_says_in_every_order_of_a_short_scene():
    edges = list(explore(SHORT_SCENE))
    replay = Replay()
    replay.follow(edges)
    assert replay.done == len(edges)
