"""Both rounds of the tests together run every test, and CI runs both."""

from pathlib import Path

import pytest

from tests.rounds import MARKED, ON_POSTGRESQL_FIRST, ONE_DATABASE_ONLY

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("name", [*ON_POSTGRESQL_FIRST, *ONE_DATABASE_ONLY])
def test_what_the_rounds_name_exists(name):
    assert (TESTS / name).exists()


@pytest.mark.parametrize(
    ("line", "is_second"),
    [
        ("pytestmark = second_round", True),
        ("pytestmark = [pytest.mark.django_db, second_round]", True),
        ("pytestmark = pytest.mark.django_db", False),
        ("@second_round", False),  # one test, or one parameter, moves by its mark
    ],
)
def test_a_file_says_in_which_round_it_is(line, is_second):
    assert (MARKED.search(f"import pytest\n\n{line}\n") is not None) == is_second


def test_postgresql_leaves_out_nothing_that_the_first_round_runs_there_only():
    assert set(ON_POSTGRESQL_FIRST).isdisjoint(ONE_DATABASE_ONLY)


def test_ci_runs_both_rounds():
    stages = (TESTS.parent / ".ci" / "run").read_text()
    assert [name for name in ("make test", "make more") if f'stage "{name}" {name}\n' not in stages] == []
