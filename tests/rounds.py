"""Which test runs when, on which database. The first round takes a quarter of an hour; the second has the rest.

`make test` is the first round, and `make more` the second. pytest without `--round` runs both.
"""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FIRST, SECOND = "first", "second"

# Tests that use no database, or test the same on either one. The PostgreSQL run leaves them out.
ONE_DATABASE_ONLY = (
    "activities",
    "attacks",
    "browser",
    "clients",
    "config",
    "content",
    "journey",
    "laws",
    "rules",
    "runner",
    "topology",
    "types",
    "portal/api/test_queries.py",
    "authoring/folder",
    "portal/test_freshness.py",
    "portal/test_visibility.py",
)

# The first round runs these on PostgreSQL only, which is the stricter of the two databases.
ON_POSTGRESQL_FIRST = (
    "accounts",
    "authoring",
    "bench",
    "course",
    "durability",
    "faults",
    "foundation",
    "grading",
    "labs",
    "leaks",
    "lessons",
    "mail",
    "people",
    "portal",
    "quizzes",
    "races",
    "records",
    "rulebook",
)

# Two thirds of the time of all belong to the second round: pages in a browser, models that are trained, programs that die,
# and random orders. A file says so by `pytestmark = second_round`, and a parameter by `marks=second_round`: a second width of
# the window, a weaker tier of the sandbox.
second_round = pytest.mark.second_round
MARKED = re.compile(r"^pytestmark = .*\bsecond_round\b", re.MULTILINE)


def is_second(path: Path, *, on_postgresql: bool) -> bool:
    """Tell whether the tests of this file, on the database of this run, belong to the second round."""
    if path.suffix == ".py" and MARKED.search(
        path.read_text()
    ):  # read, because importing the file only to leave it out takes long
        return True
    inside = path.relative_to(TESTS)
    named = {str(inside), *map(str, inside.parents)}
    return not on_postgresql and inside.parts[0] in ON_POSTGRESQL_FIRST and named.isdisjoint(ONE_DATABASE_ONLY)


def keep_round(config: pytest.Config, items: list[pytest.Item], in_second: dict[Path, bool]) -> None:
    """Deselect the tests of the other round. `in_second` tells it of whole files."""
    chosen = config.getoption("round")
    if chosen is None:
        return
    kept, dropped = [], []
    for item in items:
        is_later = in_second[item.path] or item.get_closest_marker("second_round") is not None
        (kept if is_later == (chosen == SECOND) else dropped).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=dropped)
