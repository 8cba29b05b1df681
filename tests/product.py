"""The product as `manage.py up` starts it, with a separate data folder and port."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from bench.rig.ports import free_port

ROOT = Path(__file__).resolve().parent.parent


def up(port: int, data: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start the product with these arguments and settings."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")}
    command = (sys.executable, "manage.py", "up", "--port", str(port), *arguments)
    environ |= {"FINALCHECK_DATA": str(data)} | {f"FINALCHECK_{name}": value for name, value in variables.items()}
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class Product:
    """A started product. `said` is the terminal's output up to the accounts' password."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data, self.port, self.said = data, free_port(), ""
        self.variables = variables
        self.address = f"http://localhost:{self.port}"

    def start(self) -> None:
        self.process = up(self.port, self.data, **self.variables)
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if "password of each" in line:
                return
        raise AssertionError(f"it did not start:\n{self.said}")

    def stop(self, number: signal.Signals) -> tuple[int, str]:
        """End the product with this signal, and return its status and last words."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=60)
        return self.process.returncode, rest
