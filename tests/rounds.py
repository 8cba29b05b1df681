"""Which test runs when, on which database. The first round takes a quarter of an hour; the second has the rest.

`make test` is the first round, and `make more` the second. pytest without `--round` runs both.
"""

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
    "portal/authoring/folder",
    "portal/test_freshness.py",
    "portal/test_visibility.py",
)

# The first round runs these on PostgreSQL only, which is the stricter of the two databases.
ON_POSTGRESQL_FIRST = (
    "accounts",
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

# Two thirds of the time of all: pages in a browser, models that are trained, programs that die, and random orders.
SECOND_ONLY = (
    "attacks",
    "browser",
    "config/test_killed_supervisor.py",
    "config/test_nginx.py",
    "config/test_schema.py",
    "config/server/test_processes.py",
    "content/test_labs.py",
    "content/test_listings.py",
    "content/test_near_misses.py",
    "durability",
    "faults",
    "journey/test_beside_attacks.py",
    "labs/test_ends.py",
    "labs/test_faults.py",
    "labs/test_hosts.py",
    "labs/test_redis_faults.py",
    "labs/test_watching.py",
    "laws/test_mutants.py",
    "leaks",
    "portal/api/test_guesses.py",
    "quizzes/test_every_order.py",
    "runner/judge/test_submissions.py",
    "runner/kernel/test_kernel.py",
    "runner/programs",
    "runner/test_failures.py",
    "runner/test_held_out.py",
    "runner/test_judging.py",
    "runner/test_layers.py",
    "runner/test_pool.py",
    "runner/test_remote.py",
    "runner/test_self_test.py",
    "runner/test_soak.py",
)
# Of those folders: the way of a learner in a browser, and every third page of each person.
FIRST_TOO = (
    "browser/test_every_page.py",
    "browser/test_exam.py",
    "browser/test_journey.py",
    "browser/test_keyboard.py",
    "browser/test_review.py",
)

# For a parameter that only the second round tries: a second width of the window, a weaker tier of the sandbox.
second_round = pytest.mark.second_round


def is_second(path: Path, *, on_postgresql: bool) -> bool:
    """Tell whether the tests of this file, on the database of this run, belong to the second round."""
    inside = path.relative_to(TESTS)
    named = {str(inside), *map(str, inside.parents)}
    if named & set(SECOND_ONLY):
        return not named & set(FIRST_TOO)
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
