"""Which test runs when, on which database. The first round takes a quarter of an hour; the second has the rest.

`make test` is the first round, and `make more` the second. pytest without `--round` runs both.

The first round runs a test on PostgreSQL, which is the stricter of the two databases, and the second round on SQLite. The
`pytestmark` of a file says otherwise, and so does that of a conftest.py, for every test in its folder:

- `one_database`: only the SQLite run has it, in the first round. It uses no database, or tests the same on either one.
- `second_round`: only the second round has it. Two thirds of the time of all belong there: pages in a browser, models that
  are trained, programs that die, and random orders. A parameter may say so by `marks=second_round`: a second width of the
  window, a weaker tier of the sandbox.
"""

import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FIRST, SECOND = "first", "second"
one_database = pytest.mark.one_database
second_round = pytest.mark.second_round
MARKS = re.compile(r"^pytestmark = (.*)", re.MULTILINE)


def marks_in(text: str) -> frozenset[str]:
    """Return the words of a file's `pytestmark`. Its text is read, because importing a file only to leave it out takes long."""
    return frozenset(re.findall(r"\w+", " ".join(MARKS.findall(text))))


@cache
def marks_of(path: Path) -> frozenset[str]:
    """Return the marks of a test file or a folder, with those of the folders around it."""
    file = path / "conftest.py" if path.is_dir() else path
    own = marks_in(file.read_text()) if file.suffix == ".py" and file.exists() else frozenset()
    return own if path == TESTS else own | marks_of(path.parent)


def is_for_one_database(path: Path) -> bool:
    return one_database.name in marks_of(path)


def is_second(path: Path, *, on_postgresql: bool) -> bool:
    """Tell whether the tests of this file, on the database of this run, belong to the second round."""
    return second_round.name in marks_of(path) or not (on_postgresql or is_for_one_database(path))


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
