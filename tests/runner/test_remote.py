"""The TLS port of a runner: workers of the site are served as at the socket, and nobody else gets an answer."""

import json
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.rig.ports import free_port
from labs.runner import protocol, tls
from labs.runner.protocol import Client, RemoteRunner, RunnerGone
from labs.services.enrolling import enroll_runner
from tests.rounds import second_round
from tests.runner.conftest import Warm, open_folder, start
from tests.runner.copies import patient_copy
from tests.runner.stations import FIRST_USER_OF_A_SECOND, PROJECT, offered
from tests.runner.talk import cells_of, new_id, open_session, run_code, run_in, told
from tests.runner.test_held_out import WEIGHTS, probes_named

pytestmark = second_round

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=3000)
PATIENCE = 300  # seconds to wait for a runner


@pytest.fixture(autouse=True)
def patience(monkeypatch) -> None:
    monkeypatch.setattr(tls, "CONNECT_SECONDS", PATIENCE)
    monkeypatch.setattr(protocol, "BEAT_SECONDS", 10)


@pytest.fixture(scope="module")
def keys() -> Iterator[Path]:
    """The site's keys and, beside them, those of another site."""
    with open_folder() as folder:
        for name in ("site", "other"):
            enroll_runner(name="a", keys=folder / name, now=NOW)
        yield folder


@pytest.fixture(scope="module")
def far(keys: Path) -> Iterator[Warm]:
    """A runner that listens on a port and trusts the site's authority; its client comes from another machine."""
    port, station = free_port(), offered()[0][0]
    with ExitStack() as stack:
        options = ("--uid-base", str(FIRST_USER_OF_A_SECOND), "--listen", f"127.0.0.1:{port}")
        program = patient_copy(stack.enter_context(open_folder()))
        warm = start(station, stack, *options, "--keys", str(keys / "site" / "a"), cwd=program)
        warm.client = Client(RemoteRunner("a", "127.0.0.1", port, str(keys / "site")), timeout=PATIENCE)
        yield warm


def test_a_worker_on_another_machine_gets_runs_sessions_and_files(far):
    assert far.client.status()["ready"]
    assert run_code(far.client, "print(1)", "print(2)").text == "1\n2\n"
    session = open_session(far.client)
    far.client.put(session, "data.csv", bytes(5_000_000))
    run = run_in(far.client, session, "import os\nprint(os.path.getsize('data.csv'))")
    assert (run.text, far.client.get(session, "data.csv") == bytes(5_000_000)) == ("5000000\n", True)


def test_the_files_of_the_probes_come_with_the_request_and_leave_with_it(far):
    probes = {"probes.py": probes_named("h"), "held.py": "def score(weights): return float(weights.sum())"}
    run = told(far.client.test(new_id(), cells_of(WEIGHTS), probes, seed=1))
    assert [(row["verdict"], row["message"]) for row in run.end["tests"]] == [("passed", "")]
    assert list(far.work.glob("probes-*")) == []


@pytest.mark.parametrize("name", ["../held.py", "/held.py", "", "a/../../b", "a\0b"])
def test_the_files_of_the_probes_stay_in_their_folder(far, name):
    with pytest.raises(Exception, match="relative paths") as refused:
        told(far.client.test(new_id(), cells_of(WEIGHTS), {"probes.py": probes_named("h"), name: ""}, seed=1))
    assert refused.value.code == "bad_request"


def test_a_run_that_prints_nothing_is_followed_by_beats(far):
    place = far.client.path
    with place.connection() as connection, connection.makefile("rb") as answers:
        cells = [{"id": "1", "source": "import time\ntime.sleep(1)\nprint('end')"}]
        request = {"do": "run", "id": new_id(), "runtime": "tf2", "cells": cells, "limits": {}, "beat": 0.1}
        connection.sendall(json.dumps(request).encode() + b"\n")
        events = [json.loads(line) for line in answers]
    assert sum(event == {"event": "beat"} for event in events) >= 3
    numbered = [event["seq"] for event in events if event["event"] != "beat"]
    assert (numbered, events[-1]["verdict"]) == (list(range(1, len(numbered) + 1)), "succeeded")


def test_a_runner_that_stops_in_a_run_is_noticed(far):
    id = new_id()
    events = far.client.run(id, cells_of("import time\nprint('begun', flush=True)\ntime.sleep(100)"))
    next(events)
    far.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(RunnerGone):
            told(events)
    finally:
        far.process.send_signal(signal.SIGCONT)
        far.client.stop(id)


# Strangers


@contextmanager
def plain(far: Warm) -> Iterator[socket.socket]:
    with socket.create_connection((far.client.path.host, far.client.path.port), PATIENCE) as connection:
        yield connection


def plain_http(far: Warm, _: Path) -> bytes:
    with plain(far) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        return everything(connection)


def plain_request(far: Warm, _: Path) -> bytes:
    with plain(far) as connection:
        connection.sendall(b'{"do": "status"}\n')
        return everything(connection)


def garbage(far: Warm, _: Path) -> bytes:
    with plain(far) as connection:
        connection.sendall(bytes(range(256)) * 64)
        return everything(connection)


def garbage_after_a_beginning_of_tls(far: Warm, _: Path) -> bytes:
    with plain(far) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00" + bytes(range(256)) * 2)
        return everything(connection)


def silence(far: Warm, _: Path) -> bytes:
    with plain(far) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01")  # the first bytes of a handshake, and nothing more
        return everything(connection)


def no_certificate(far: Warm, keys: Path) -> bytes:
    return asked_with(far, trusting(keys))


def another_authority(far: Warm, keys: Path) -> bytes:
    return asked_with(far, trusting(keys, keys / "other" / "worker"))


def an_expired_certificate(far: Warm, keys: Path) -> bytes:
    """Use one that the site's own authority signed long ago."""
    folder = keys / "signed-long-ago"
    shutil.copytree(keys / "site", folder)
    enroll_runner(name="a", keys=folder, now=LONG_AGO)
    return asked_with(far, trusting(keys, folder / "worker"))


def the_certificate_of_a_host(far: Warm, keys: Path) -> bytes:
    return asked_with(far, trusting(keys, keys / "site" / "a" / "host"))


def an_older_version(far: Warm, keys: Path) -> bytes:
    context = trusting(keys, keys / "site" / "worker")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return asked_with(far, context)


def trusting(keys: Path, own: Path | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(keys / "site" / "authority.crt")
    if own is not None:
        context.load_cert_chain(own.with_suffix(".crt"), own.with_suffix(".key"))
    return context


def asked_with(far: Warm, context: ssl.SSLContext) -> bytes:
    """Return what the runner sends to a client that asks for its status with these certificates."""
    failures = suppress(ssl.SSLError, ConnectionError)
    with plain(far) as connection, failures, context.wrap_socket(connection, server_hostname="a") as channel:
        channel.sendall(b'{"do": "status"}\n')
        return everything(channel)
    return b""


def everything(connection: socket.socket) -> bytes:
    """Return all bytes up to the end of the connection, which the runner has to make. A time-out fails the test."""
    found = b""
    with suppress(ConnectionError, ssl.SSLError):
        while part := connection.recv(65536):
            found += part
    return found


STRANGERS = [
    plain_http,
    plain_request,
    garbage,
    garbage_after_a_beginning_of_tls,
    silence,
    no_certificate,
    another_authority,
    an_expired_certificate,
    the_certificate_of_a_host,
    an_older_version,
]


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda stranger: stranger.__name__)
def test_a_stranger_gets_no_answer_and_disturbs_nobody(far, keys, stranger):
    """While a stranger is turned away, a worker's run prints all of its lines."""
    found = []
    source = "import time\nfor n in range(20):\n    print(n, flush=True)\n    time.sleep(0.02)"
    run = threading.Thread(target=lambda: found.append(run_code(far.client, source)))
    run.start()
    answer = stranger(far, keys)
    run.join()
    assert b"event" not in answer
    assert (found[0].verdict, found[0].text.split()) == ("succeeded", [str(n) for n in range(20)])
    assert far.client.status()["ready"]


def test_the_same_question_with_the_workers_certificate_is_answered(far, keys):
    """The strangers above fail because of what they show, and not because of how they ask."""
    answer = asked_with(far, trusting(keys, keys / "site" / "worker"))
    assert json.loads(answer)["event"] == "status"


def test_many_silent_strangers_do_not_keep_a_worker_out(far):
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(plain(far)).sendall(b"\x16")
        assert run_code(far.client, "print('served')").text == "served\n"


def test_a_client_that_never_ends_its_request_is_refused(far):
    with far.client.path.connection() as connection, connection.makefile("rb") as answers:
        connection.settimeout(PATIENCE)
        connection.sendall(b'{"do": "status"')
        answer = json.loads(answers.readline())
    assert (answer["event"], answer["code"]) == ("refused", "bad_request")


# A client that is led to a wrong host


@contextmanager
def somebody(keys: Path) -> Iterator[int]:
    """A host with the keys in this folder. Yield its port; it hears out one client."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection, tls.server_context(keys).wrap_socket(connection, server_side=True) as channel:
                    heard.append(channel.recv(1000))
                    channel.sendall(b'{"event": "status", "ready": true}\n')

        heard: list[bytes] = []
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()
        assert heard in ([], [b'{"do": "status", "protocol": 2}\n'])


def place_of(port: int, keys: Path) -> RemoteRunner:
    return RemoteRunner("a", "127.0.0.1", port, str(keys / "site"))


def test_a_client_accepts_the_host_that_was_enrolled(keys):
    with somebody(keys / "site" / "a") as port:
        assert Client(place_of(port, keys), timeout=PATIENCE).status() == {"event": "status", "ready": True}


def test_a_client_refuses_a_host_of_another_authority(keys):
    with somebody(keys / "other" / "a") as port, pytest.raises(RunnerGone, match="CERTIFICATE_VERIFY_FAILED"):
        Client(place_of(port, keys), timeout=PATIENCE).status()


def test_a_client_refuses_a_host_under_another_name(keys):
    place = place_of(0, keys)
    with somebody(keys / "site" / "a") as port, pytest.raises(RunnerGone, match="Hostname mismatch"):
        Client(replace(place, name="b", port=port), timeout=PATIENCE).status()


def test_a_client_refuses_a_host_whose_certificate_expired(keys, tmp_path):
    shutil.copytree(keys / "site", tmp_path / "renewed-long-ago")
    folder = enroll_runner(name="a", keys=tmp_path / "renewed-long-ago", now=LONG_AGO).folder
    with somebody(folder) as port, pytest.raises(RunnerGone, match="certificate has expired"):
        Client(place_of(port, keys), timeout=PATIENCE).status()


def test_a_client_refuses_a_plain_port(keys):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b'{"event": "status", "ready": true}\n')

        threading.Thread(target=serve).start()
        with pytest.raises(RunnerGone):
            Client(place_of(listener.getsockname()[1], keys), timeout=PATIENCE).status()


# The start


def said_by(*options: str) -> str:
    command = (sys.executable, "-m", "labs.runner", *options)
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode != 0
    return done.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "name a --socket, or a port with --listen, or both"),
        (("--listen", "127.0.0.1:7443"), "--listen needs --keys"),
        (("--listen", "7443", "--keys", "."), "'7443' is not HOST:PORT"),
        (("--listen", "a:0", "--keys", "."), "'a:0' is not HOST:PORT"),
        (("--listen", "127.0.0.1:7443", "--keys", "/nowhere"), "The certificates in /nowhere cannot be used"),
    ],
)
def test_a_runner_that_cannot_listen_says_why(options, sentence):
    assert sentence in said_by(*options)


def test_a_runner_refuses_a_key_that_others_may_read(keys, tmp_path):
    shutil.copytree(keys / "site" / "a", tmp_path / "a")
    (tmp_path / "a" / "host.key").chmod(0o640)
    assert "chmod 600" in said_by("--listen", "127.0.0.1:7443", "--keys", str(tmp_path / "a"))
