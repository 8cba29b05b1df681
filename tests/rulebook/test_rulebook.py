"""Every rule by its number, run through the service, the forms and the API (docs/rules.md has the same numbers)."""

import pytest

from operations.services import verify_grades
from quizzes import services
from tests.rulebook import (
    columns,
    decisions,
    groups,
    limits,
    outages,
    policies,
    practicing,
    rehearsing,
    scheme,
    undone,
    variants,
)
from tests.rulebook.drivers import DRIVERS
from tests.rulebook.world import TABLE, World

pytestmark = pytest.mark.django_db
LATER = (columns, limits, practicing, rehearsing, undone, variants)
CHAPTERS = (scheme, decisions, outages, policies, groups, *LATER)  # importing them fills the table


@pytest.mark.parametrize("way", DRIVERS)
@pytest.mark.parametrize(("number", "scenario"), TABLE, ids=[f"{number} {each.__name__}" for number, each in TABLE])
def test_the_rule_holds_through_every_interface(number, scenario, way):
    """Afterwards every grade follows from the records, whatever the scenario did."""
    world = World(DRIVERS[way])
    scenario(world)
    services.settle_due(now=world.by.now)
    assert list(verify_grades(now=world.by.now)) == []


def test_the_table_has_every_rule():
    rules = [f"G{number}" for number in range(1, 9)] + [f"D{number}" for number in range(1, 47)]
    assert sorted({number for number, _ in TABLE}) == sorted(rules)
