"""An installation of separate programs, for tests that kill one after another. Unlike `up`, nothing restarts them."""

import http.client
import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.rig.ports import free_port
from config.up.address import Address
from config.up.greeting import is_healthy
from config.up.programs import ROOT, Program, empty_metrics, runner, sweeper, web, worker
from tests.labs.lives import end, wait_until


class Greeter(socketserver.StreamRequestHandler):
    """As much of a mail server as a greeting needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 mail.example.org\r\n")
        while self.rfile.readline():
            self.wfile.write(b"250 mail.example.org\r\n")


class MailHost:
    """A mail server that a test stops and starts again at the same port."""

    def __init__(self) -> None:
        self.port = free_port()

    def start(self) -> None:
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        socketserver.ThreadingTCPServer.daemon_threads = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", self.port), Greeter)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Installation:
    """The programs by name, each started as `up` starts it."""

    def __init__(self, data: Path, environ: Mapping[str, str]) -> None:
        ours = {f"FINALCHECK_{name}": value for name, value in environ.items()}
        self.data = data
        self.address = Address("127.0.0.1", free_port())
        self.environ = {**os.environ, "FINALCHECK_DATA": str(data), "FINALCHECK_DEBUG": "1", **ours}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        migrate = (sys.executable, "manage.py", "migrate", "--verbosity", "0")
        subprocess.run(migrate, cwd=ROOT, env=self.environ, check=True, capture_output=True)
        empty_metrics(self.environ)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            end(process)
        self.stack.close()

    def programs(self) -> dict[str, Program]:
        found = [
            web(self.address, self.environ),
            worker(self.environ),
            sweeper(self.address, self.environ),
            runner(self.environ),
        ]
        return {program.name: program for program in found}

    def start(self, *names: str) -> None:
        for name in names:
            program = self.programs()[name]
            log = self.stack.enter_context((self.data / f"{name}.log").open("ab"))
            self.processes[name] = subprocess.Popen(
                program.argv, cwd=ROOT, env=dict(program.environ), stdout=log, stderr=log
            )
        wait_until(lambda: is_healthy(self.address))

    def kill(self, name: str) -> None:
        end(self.processes.pop(name))

    def get(self, path: str, port: int = 0) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.address.host, port or self.address.port, timeout=60)
        connection.request("GET", path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def faults(self, port: int = 0) -> set[str]:
        """Return the parts that /readyz reports as faulty. Its status must say the same."""
        status, body = self.get("/readyz", port)
        found = {name for name, part in json.loads(body)["parts"].items() if part["state"] == "fault"}
        assert status == (503 if found else 200)
        return found
