"""Runner hosts for tests: real runners that listen on ports of this machine, enrolled as an operator enrolls them."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from bench.rig.ports import free_port
from labs.services.enrolling import enroll_runner
from tests.runner.conftest import Warm, open_folder, start
from tests.runner.copies import patient_copy
from tests.runner.stations import FIRST_USER_OF_A_SECOND, offered


@dataclass
class Hosts:
    """Runner hosts by name; each is enrolled when it first starts and keeps its port when it starts again."""

    stack: ExitStack
    keys: Path
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    running: dict[str, Warm] = field(default_factory=dict)
    copy: Path | None = None

    def start(self, name: str, *options: str) -> Warm:
        if name not in self.places:
            enroll_runner(name=name, keys=self.keys, now=datetime.now(UTC))
            self.places[name] = ("127.0.0.1", free_port())
        host, port = self.places[name]
        ours = ("--listen", f"{host}:{port}", "--keys", str(self.keys / name))
        user = str(FIRST_USER_OF_A_SECOND + 400 * list(self.places).index(name))
        self.running[name] = start(offered()[0][0], self.stack, "--uid-base", user, *ours, *options, cwd=self.program())
        return self.running[name]

    def program(self) -> Path:
        if self.copy is None:
            self.copy = patient_copy(self.stack.enter_context(open_folder()))
        return self.copy

    def kill(self, name: str) -> None:
        process = self.running.pop(name).process
        process.kill()
        process.wait()

    def use(self) -> None:
        """Let this process and the workers that it starts use all of them."""
        settings.RUNNERS = self.places
