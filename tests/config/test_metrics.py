"""/metrics counts what all web processes of this host answered, whichever of them is asked."""

import http.client
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.rig.ports import free_port
from config.environment import ROOT
from config.up.address import Address
from config.up.greeting import is_healthy
from config.up.programs import empty_metrics, metrics_folder, web
from tests.labs.lives import wait_until


def get(address: Address, path: str) -> str:
    connection = http.client.HTTPConnection(address.host, address.port)
    connection.request("GET", path, headers={"Host": "localhost"})
    body = connection.getresponse().read().decode()
    connection.close()
    return body


@pytest.fixture
def two_processes(tmp_path) -> Iterator[tuple[Address, Path]]:
    address = Address("127.0.0.1", free_port())
    environ = {**os.environ, "FINALCHECK_DATA": str(tmp_path), "FINALCHECK_DEBUG": "1", "FINALCHECK_DATABASE_URL": ""}
    empty_metrics(environ)
    program = web(address, environ)
    argv = [
        "2" if before == "--workers" else word for before, word in zip(("", *program.argv), program.argv, strict=False)
    ]
    with subprocess.Popen(
        argv, cwd=ROOT, env=program.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        wait_until(lambda: is_healthy(address))
        yield address, metrics_folder(environ, "web")
        process.terminate()


def test_every_scrape_counts_the_answers_of_both_processes(two_processes):
    address, folder = two_processes
    asked = 0

    def have_both_started() -> bool:
        nonlocal asked
        assert "You are offline" in get(address, "/offline/")
        asked += 1
        return len(list(folder.glob("counter_*.db"))) == 3  # the third is of their parent, which answers nothing

    wait_until(have_both_started)
    for _ in range(50):
        assert have_both_started()
    for _ in range(8):
        page = get(address, "/metrics")
        (count,) = re.findall(r'status_view_method_total\{.*view="offline"\} ([\d.]+)', page)
        assert float(count) == asked


def test_counters_of_processes_that_ended_are_not_kept_for_the_next_start(tmp_path):
    environ = {"FINALCHECK_DATA": str(tmp_path)}
    for program in ("web", "worker"):
        (tmp_path / "metrics" / program).mkdir(parents=True)
        (tmp_path / "metrics" / program / "counter_1.db").write_bytes(b"")
    empty_metrics(environ)
    assert list(tmp_path.glob("metrics/*/*")) == []
