"""Both rounds of the tests together run every test, and CI runs both."""

from pathlib import Path

import pytest

from tests.rounds import is_for_one_database, is_second, marks_in

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("line", "is_marked"),
    [
        ("pytestmark = second_round", True),
        ("pytestmark = [pytest.mark.django_db, second_round]", True),
        ("pytestmark = pytest.mark.django_db", False),
        ("@second_round", False),  # one test, or one parameter, moves by its mark
    ],
)
def test_a_file_says_in_which_round_it_is(line, is_marked):
    assert ("second_round" in marks_in(f"import pytest\n\n{line}\n")) == is_marked


@pytest.mark.parametrize(
    ("marks", "on_postgresql", "on_sqlite"),
    [
        ("", "first", "second"),
        ("second_round", "second", "second"),
        ("one_database", None, "first"),
        ("one_database, second_round", None, "second"),
    ],
)
@pytest.mark.parametrize("marked", ["test_rules.py", "conftest.py"])
def test_marks_decide_the_round_on_each_database(monkeypatch, tmp_path, marked, marks, on_postgresql, on_sqlite):
    monkeypatch.setattr("tests.rounds.TESTS", tmp_path)
    folder = tmp_path / "room" / "proofs"
    folder.mkdir(parents=True)
    file = folder / "test_rules.py"
    file.touch()
    (file if marked == file.name else folder.parent / marked).write_text(f"pytestmark = [{marks}]\n")
    rounds = {on: "second" if is_second(file, on_postgresql=on) else "first" for on in (True, False)}
    assert (None if is_for_one_database(file) else rounds[True], rounds[False]) == (on_postgresql, on_sqlite)


def test_ci_runs_both_rounds():
    stages = (TESTS.parent / ".ci" / "run").read_text()
    assert [name for name in ("make test", "make more") if f'stage "{name}" {name}\n' not in stages] == []
