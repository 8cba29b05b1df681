"""The socket's promises: order, replay, one run per id, refusals with a code, and the answer to strangers."""

import json
import socket
import threading

import pytest

from labs.runner.protocol import CAPS, PROTOCOL, Client, Refused, RunLimits, RunnerGone, misunderstanding
from tests.runner.talk import cells_of, new_id, run_code, told
from tests.runner.test_pool import wait_until


@pytest.fixture
def client(best):
    return best.client


def places_of(client) -> int:
    """Return how many runs the lab has places for, once no run of an earlier test takes one."""
    assert wait_until(lambda: client.status()["capacity"]["running"] == 0)
    return client.status()["capacity"]["runs"]


def raw(client, line: bytes) -> dict:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(client.path)
        connection.sendall(line)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answers:
            return json.loads(answers.readline())


def test_events_are_numbered_from_one_without_a_gap(client):
    run = run_code(client, "print(1)", "print(2)")
    assert [event["seq"] for event in run.events] == list(range(1, len(run.events) + 1))


def test_frames_carry_the_cell_they_came_from(client):
    run = run_code(client, "print('a')", "print('b')")
    printed: dict[str, str] = {}
    for frame in run.frames:  # a slow machine may send a line in two frames
        printed[frame["cell"]] = printed.get(frame["cell"], "") + frame["data"]["text/plain"]
    assert list(printed.items()) == [("1", "a\n"), ("2", "b\n")]


def test_the_same_id_again_replays_and_runs_nothing_twice(client):
    id = new_id()
    source = "import random\nprint(random.random())"
    first, again = (told(client.run(id, cells_of(source))) for _ in range(2))
    assert first.events == again.events


def test_a_follower_goes_on_where_it_was(client):
    id = new_id()
    first = told(client.run(id, cells_of("print(1)")))
    assert told(client.run(id, [], after=3)).events == first.events[3:]


def test_a_client_that_goes_away_stops_nothing(client):
    id = new_id()
    events = client.run(id, cells_of("import time\ntime.sleep(0.5)\nprint('done')"))
    next(events)
    events.close()
    assert told(client.run(id, cells_of("print('not this')"))).text == "done\n"


def test_two_followers_see_the_same(client):
    id, seen = new_id(), []
    source = "import time\nfor n in range(5): print(n); time.sleep(0.05)"
    threads = [threading.Thread(target=lambda: seen.append(told(client.run(id, cells_of(source))))) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert seen[0].events == seen[1].events


def test_a_finished_run_lists_and_gives_its_files(client):
    id = new_id()
    run = told(client.run(id, cells_of("import os\nos.mkdir('logs')\nopen('logs/a', 'wb').write(bytes(9_000_000))")))
    assert [(row["name"], row["size"]) for row in run.end["files"]] == [("logs/a", 9_000_000)]
    assert client.get(id, "logs/a") == bytes(9_000_000)


CELLS = [{"id": "1", "source": ""}]
GOOD = {"do": "run", "id": "x", "runtime": "tf2", "cells": CELLS}


def line(**changes: object) -> bytes:
    return json.dumps(GOOD | changes).encode() + b"\n"


BAD = {
    "no JSON": b"hello\n",
    "no object": b"[]\n",
    "deep": b"[" * 50_000 + b"\n",
    "nothing": b"\n",
    "no such request": b'{"do": "shell"}\n',
    "a method that is none": b'{"do": "shut_down"}\n',
    "no id": line(id=None),
    "no cells": line(cells=[]),
    "cells of another shape": line(cells=["print(1)"]),
    "another runtime": line(runtime="tf3"),
    "another limit": line(limits={"gpu": 1}),
    "a limit below one": line(limits={"threads": -1}),
    "a limit that is true": line(limits={"threads": True}),
    "a test without a seed": line(do="test", probes="p"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_request_is_refused_with_its_code(name, client):
    answer = raw(client, BAD[name])
    assert (answer["event"], answer["code"]) == ("refused", "bad_request")


@pytest.mark.parametrize("version", [PROTOCOL - 1, PROTOCOL, PROTOCOL + 1])
def test_workers_of_the_neighboring_releases_are_understood(version, client):
    assert raw(client, line(id=new_id(), protocol=version))["event"] == "started"


@pytest.mark.parametrize("version", [PROTOCOL - 2, PROTOCOL + 2, "2", None])
def test_a_worker_of_a_distant_release_learns_why_it_is_refused(version, client):
    answer = raw(client, line(protocol=version))
    assert (answer["code"], answer["message"]) == ("other_protocol", misunderstanding(version, PROTOCOL))
    assert raw(client, json.dumps({"do": "status", "protocol": version}).encode() + b"\n")["protocol"] == PROTOCOL


def test_versions_that_are_two_apart_are_named_with_what_to_do():
    assert [misunderstanding(2, runner) for runner in (1, 2, 3)] == ["", "", ""]
    assert misunderstanding(2, 4) == (
        "The worker speaks version 2 of the protocol, and the runner version 4. They may be 1 apart at most: install the "
        "same release of Finalcheck on both machines (docs/upgrading.md)."
    )


def test_a_hundred_thousand_cells_are_refused(client):
    with pytest.raises(Refused) as refused:
        run_code(client, *["1"] * 100_000)
    assert refused.value.code == "bad_request"


def test_limits_are_cut_to_the_operators_caps():
    assert RunLimits(wall_seconds=10**9, threads=1).within(CAPS) == RunLimits(wall_seconds=CAPS.wall_seconds, threads=1)


def test_status_reports_tier_capacity_and_every_attack_tried(best):
    assert places_of(best.client) > 0
    status = best.client.status()
    assert (status["tier"], status["ready"], status["reasons"]) == (best.station.tier, True, [])
    assert {row["found"] for row in status["self_test"]} == {None}
    assert status["capacity"]["running"] == 0


def test_more_runs_than_the_lab_has_places_are_refused(client):
    places = places_of(client)
    ids = [new_id() for _ in range(places)]
    running = [client.run(id, cells_of("import time\ntime.sleep(100)")) for id in ids]
    try:
        for events in running:
            next(events)
        with pytest.raises(Refused) as refused:
            run_code(client, "1")
    finally:
        for id in ids:
            client.stop(id)
    assert (refused.value.code, refused.value.others_fit) == ("at_capacity", False)
    assert [told(events).verdict for events in running] == ["stopped"] * places


@pytest.mark.parametrize("said", [b"", b'{"event": "sta', b'{"event": "status"}'])
def test_a_runner_that_breaks_off_in_an_answer_is_gone(tmp_path, said):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(said)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(RunnerGone):
            Client(str(tmp_path / "socket")).status()
        thread.join()


def test_a_runner_that_is_not_there_is_gone(tmp_path):
    with pytest.raises(RunnerGone):
        Client(str(tmp_path / "none")).status()
