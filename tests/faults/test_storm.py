"""A short storm: the web server dies in the middle of requests, and what it acknowledged is there."""

from pathlib import Path

import pytest

from tests.durability.conftest import guards_stand_aside_for_the_flush
from tests.faults import failpoints
from tests.faults.site import WEB_ALONE, Site
from tests.faults.trial import hold_trial
from tests.faults.world import World, make_world
from tests.labs.lives import database_url
from tests.rounds import second_round

__all__ = ["guards_stand_aside_for_the_flush"]

pytestmark = second_round
SEED = 20261126


@pytest.fixture
def site(transactional_db, tmp_path: Path) -> Site:
    """A web server that is not started yet, on this test's database."""
    data = tmp_path / "data"
    data.mkdir()
    return Site(data, database_url(), supervised=("-c", WEB_ALONE))


@pytest.fixture
def world(transactional_db) -> World:
    return make_world(8)


def test_what_was_acknowledged_is_stored_though_the_web_server_died_again_and_again(site, world):
    victims = ["draft stored", "web process", "committed"]
    trial = hold_trial(site, world, seed=SEED, clients=3, saves=150, victims=victims)
    assert trial.problems == []
    assert trial.deaths.total() >= len(victims)
    assert trial.saves >= 150


def test_a_draft_that_was_acknowledged_before_a_rollback_is_found_missing(site, world):
    trial = hold_trial(site, world, seed=SEED, clients=2, saves=60, victims=[failpoints.LIE])
    assert trial.deaths.total() == 1
    assert [problem for problem in trial.problems if "I10" not in problem] == []
    assert trial.problems != []
