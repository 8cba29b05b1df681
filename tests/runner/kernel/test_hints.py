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


@pytest.mark.parametrize("error", ["MemoryError", "ResourceExhaustedError", "ArrayMemoryError"])
def test_a_hint_about_memory_does_not_say_that_the_session_ended(error: str) -> None:
    assert hint_for(error, "") == (
        "The lab is out of memory. Use smaller batches or fewer samples, and delete variables you no longer need."
    )


@pytest.mark.parametrize("runtime", ["tf2", "tf1"])
def test_after_a_memory_error_the_session_still_has_its_variables(forks: Forks, runtime: str) -> None:
    with forks.child(runtime) as session:
        session.run("kept = 7")
        assert find(session.run(TF2["memory"]).error["type"], "")[0].name == "memory"
        assert session.run("print(kept)").printed == "7\n"


def test_an_error_that_is_not_known_gets_no_hint() -> None:
    assert hint_for("KeyError", "no such key: 'a'") is None
