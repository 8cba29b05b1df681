from functools import cache

import pytest

from labs.runner.kernel.hints import HINTS, find, hint_for
from tests.runner.forks import Child, Forks
from tests.runner.kernel.mistakes import TF1, TF2

MISTAKES = [pytest.param("tf2", name, source, id=name) for name, source in TF2.items()]
MISTAKES += [pytest.param("tf1", name, source, id=name) for name, source in TF1.items()]


def test_every_hint_has_its_mistake_and_every_mistake_its_hint() -> None:
    assert sorted({**TF1, **TF2}) == sorted(hint.name for hint in HINTS)


@cache
def child(forks: Forks, runtime: str) -> Child:
    """One session for all mistakes, because a session continues after an error."""
    return forks.child(runtime)


@pytest.mark.parametrize(("runtime", "name", "source"), MISTAKES)
def test_a_common_mistake_gets_its_hint(forks: Forks, runtime: str, name: str, source: str) -> None:
    ran = child(forks, runtime).run(source)
    found = find(ran.error["type"], ran.error["message"])
    assert (found and found[0].name, ran.error["message"]) == (name, ran.error["message"])
    assert ran.text.endswith(f"Hint: {hint_for(ran.error['type'], ran.error['message'])}\n")


def test_an_error_that_is_not_known_gets_no_hint() -> None:
    assert hint_for("KeyError", "no such key: 'a'") is None
