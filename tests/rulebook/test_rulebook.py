"""Every rule by its number, driven through the service, the forms and the API (docs/rules.md has the same numbers)."""

import pytest

from tests.rulebook import decisions, scheme
from tests.rulebook.drivers import DRIVERS
from tests.rulebook.world import TABLE, World

pytestmark = pytest.mark.django_db
CHAPTERS = (scheme, decisions)  # importing them fills the table


@pytest.mark.parametrize("way", DRIVERS)
@pytest.mark.parametrize(("number", "scenario"), TABLE, ids=[f"{number} {each.__name__}" for number, each in TABLE])
def test_the_rule_holds_by_every_way_in(number, scenario, way):
    scenario(World(DRIVERS[way]))


def test_the_table_has_every_rule():
    rules = [f"G{number}" for number in range(1, 9)] + [f"D{number}" for number in range(1, 29)]
    assert sorted({number for number, _ in TABLE}) == sorted(rules)
