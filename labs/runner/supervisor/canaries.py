"""Targets for the self-test's attacks, planted where a real secret, service or process of ours would be."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

VARIABLE = "LAB_RUNNER_CANARY"


@contextmanager
def planted(work: Path) -> Iterator[dict]:
    """Plant the canaries below `work` and yield where they are (see labs.runner.sandbox.attacks)."""
    with ExitStack() as stack:
        folder = work / f"canary-{secrets.token_hex(4)}"
        folder.mkdir()
        stack.callback(remove, folder)
        # Every user may open the folder, so only the sandbox can keep a run out.
        os.chmod(folder, 0o777)
        (folder / "secret").write_text(secrets.token_hex(16))
        abstract = f"lab-runner-{secrets.token_hex(8)}"
        named = listener(stack, socket.AF_UNIX, str(folder / "socket"))
        os.chmod(folder / "socket", 0o777)
        listener(stack, socket.AF_UNIX, "\0" + abstract)
        port = listener(stack, socket.AF_INET, ("127.0.0.1", 0))
        canaries = {"secret": str(folder / "secret"), "folder": str(folder), "port": port[1], "program": __file__}
        yield {**canaries, "named": named, "abstract": abstract, "pid": victim(stack), "variable": VARIABLE}


def listener(stack: ExitStack, family: int, address: object):
    server = stack.enter_context(socket.socket(family))
    server.bind(address)
    server.listen()
    return server.getsockname()


def victim(stack: ExitStack) -> int:
    """Start a process of this user with a secret in its environment; it waits until we hang up."""
    wait = "import sys; print(flush=True); sys.stdin.read()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-I", "-c", wait], env={VARIABLE: "planted"}, **pipes)
    stack.callback(process.wait)
    stack.callback(process.kill)
    stack.enter_context(process.stdin)
    stack.enter_context(process.stdout)
    process.stdout.readline()
    return process.pid


def remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
