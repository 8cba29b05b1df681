"""How many seconds pass from Stop to the end of a cell, for code that reacts, code that does not, and training."""

import json
from contextlib import suppress

import pytest

from labs.runner.protocol import Refused
from tests.runner.stations import PROJECT
from tests.runner.talk import open_session
from tests.runner.test_sessions import DEAF, ENDLESS, TRAINING, stopped_while_running

TIMES = 10


@pytest.mark.parametrize("source", [ENDLESS, DEAF, TRAINING], ids=["endless", "deaf", "training"])
def test_every_stop_ends_the_cell(source, best, request):
    seconds = []
    for _ in range(TIMES):
        session = open_session(best.client)
        run, took = stopped_while_running(best.client, session, source)
        assert run.verdict == "stopped"
        seconds.append(took)
        with suppress(Refused):  # code that does not react ends with its session
            best.client.close(session)
    kind = request.node.callspec.id
    record({"code": kind, "stops": TIMES, "fastest_seconds": min(seconds), "slowest_seconds": max(seconds)})


def record(facts: dict) -> None:
    folder = PROJECT / "build/proofs"
    folder.mkdir(parents=True, exist_ok=True)
    rounded = {name: round(fact, 2) if isinstance(fact, float) else fact for name, fact in facts.items()}
    with (folder / "runner-stops.json").open("a") as file:
        file.write(json.dumps(rounded) + "\n")
