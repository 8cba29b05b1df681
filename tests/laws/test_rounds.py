"""Both rounds of the tests together run every test, and CI runs both."""

from pathlib import Path

import pytest

from tests.rounds import FIRST_TOO, ON_POSTGRESQL_FIRST, ONE_DATABASE_ONLY, SECOND_ONLY

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("name", [*FIRST_TOO, *ON_POSTGRESQL_FIRST, *ONE_DATABASE_ONLY, *SECOND_ONLY])
def test_what_the_rounds_name_exists(name):
    assert (TESTS / name).exists()


def test_postgresql_leaves_out_nothing_that_the_first_round_runs_there_only():
    assert set(ON_POSTGRESQL_FIRST).isdisjoint(ONE_DATABASE_ONLY)


def test_ci_runs_both_rounds():
    stages = (TESTS.parent / ".ci" / "run").read_text()
    assert [name for name in ("make test", "make more") if f'stage "{name}" {name}\n' not in stages] == []
