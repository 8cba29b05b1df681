"""The process of one run, from the fork on: it enters the sandbox, then follows the supervisor's orders until the
supervisor hangs up.

After `enter`, the learner may control everything here, so code outside must not rely on this code.
"""

import gc
import json
import os
import signal
import sys
import tempfile
import threading
from dataclasses import asdict, is_dataclass
from pathlib import Path

import labs.runner
from labs.runner import wire
from labs.runner.kernel import Kernel
from labs.runner.sandbox import attacks, root
from labs.runner.sandbox.enter import CHANNEL, SETUP, SandboxPlan


def live(plan: SandboxPlan, runtime: str, seed: int | None) -> None:
    """Serve the supervisor inside the sandbox, for the rest of the process's life.

    The kernel is built while the first order is on its way. Random generators are seeded with `seed`, or with fresh
    randomness, because a fork would share their state.
    """
    os.close(SETUP)
    set_up_home(plan)
    gc.enable()
    SandboxedChild(runtime, plan, seed).serve()


def set_up_home(plan: SandboxPlan) -> None:
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR"), plan.temporary))
    tempfile.tempdir = None
    sys.argv[:], sys.orig_argv[:] = [""], [""]
    open_to_it = tuple(f"{path}/" for path in root.readable())
    sys.path[:] = [path for path in sys.path if not path or f"{path}/".startswith(open_to_it)]


class SandboxedChild:
    """Loop over the supervisor's orders: {"do": "cell" | "probe" | "judge" | "attempt", …}."""

    def __init__(self, runtime: str, plan: SandboxPlan, seed: int | None):
        self.lock, self.temporary = threading.Lock(), Path(plan.temporary)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.kernel = Kernel(runtime, self.emit, plan.work, plan.data, seed)

    def serve(self) -> None:
        self.send("hello", {}, {})
        while True:
            try:
                order = wire.from_supervisor(read)
            except EOFError:
                os._exit(0)
            getattr(self, f"do_{order['do']}")(order)

    def send(self, kind: str, fields: dict, parts: dict[str, bytes]) -> None:
        with self.lock:
            write(wire.pack(kind, fields, parts))

    def emit(self, frame: dict) -> None:
        """Send one of the kernel's frames: each value is text, or an object for the JSON kinds."""
        parts = {mime: encoded(value) for mime, value in frame["data"].items()}
        self.send("frame", {"cell": frame["cell"]}, parts)

    def do_cell(self, order: dict) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            result = self.kernel.run_cell(order["cell"], order["source"])
            fields = {"ok": result.ok, "error": error_name(result.error)}
        except KeyboardInterrupt:
            fields = {"ok": False, "error": "KeyboardInterrupt"}
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.send("done", fields, {})

    def do_probe(self, order: dict) -> None:
        answer = self.kernel.probe(order["request"])
        self.send("answer", {}, {"answer": json.dumps(answer).encode()})

    def do_judge(self, order: dict) -> None:
        """Judge another sandbox's answers. The judge's code comes with the order, so that learners' processes do not have it."""
        write_texts(order["program"], self.temporary / "program")
        write_texts(order["probes"], self.temporary / "probes")
        labs.runner.__path__.append(str(self.temporary / "program"))
        from labs.runner.judge.examiner import examine

        examine(str(self.temporary / "probes" / order["name"]), order["seed"], read, self.send_judged)

    def send_judged(self, kind: str, message: object) -> None:
        self.send("answer", {"say": kind}, {"answer": json.dumps(message).encode()})

    def do_attempt(self, order: dict) -> None:
        """Try one attack of the catalogue from inside the sandbox, for the self-test."""
        gain = attacks.attempt(order["attack"], order["canaries"])
        self.send("attempted", {}, {"found": json.dumps(gain).encode()})


def write_texts(texts: dict[str, str], folder: Path) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def read(count: int) -> bytes:
    return os.read(CHANNEL, count)


def write(message: bytes) -> None:
    rest = memoryview(message)
    while rest:
        rest = rest[os.write(CHANNEL, rest) :]


def encoded(value: object) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace")


def error_name(error: object) -> str | None:
    """Return the exception's name, whatever shape the kernel reports the error in."""
    fields = asdict(error) if is_dataclass(error) and not isinstance(error, type) else error
    if not isinstance(fields, dict):
        return None
    return str(fields.get("type", ""))[:200] or None
