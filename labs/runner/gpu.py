"""The GPU of the host: what a sandbox needs in order to use it, or why it cannot be offered.

Only files are read. Asking the driver would start it in this process, and a fork of such a process cannot use a GPU.
"""

import os
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DRIVER = "proc/driver/nvidia"
CONTROL = ("/dev/nvidiactl", "/dev/nvidia-uvm")
LIBRARY = "libcuda.so.1"
FOLDERS = ("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib64")  # of those that every sandbox shows
# How TensorFlow behaves on a GPU here. Memory grows as code needs it; otherwise, the first run would take all of it. TF32
# would round to three digits, and right solutions would fail their tests.
ENVIRONMENT = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "NVIDIA_TF32_OVERRIDE": "0"}
PACKAGE = "tensorflow"  # tensorflow-cpu, which is what the lock file has, cannot use a GPU


class NotOffered(Exception):
    """The GPU cannot be offered; the message is a sentence that says why."""


@dataclass(frozen=True)
class Gpu:
    """The models, the version of the driver, and the device nodes that code must be able to open."""

    models: tuple[str, ...]
    driver: str
    devices: tuple[str, ...]

    @property
    def in_words(self) -> str:
        return f"offered: {', '.join(self.models)}, driver {self.driver}"


def find_gpu(host: Path = Path("/"), tensorflow: str | None = None) -> Gpu:
    """Return the host's NVIDIA GPUs whose device nodes exist here. Raises NotOffered.

    `tensorflow` is the version of the package that supports GPUs; without it, the installed one counts.
    """
    driver = _driver(host)
    cards = _cards(host)
    if not cards:
        raise NotOffered("The NVIDIA driver is loaded, but no GPU has a device node such as /dev/nvidia0.")
    devices = (*sorted(cards), *CONTROL)
    for device in devices:
        _refuse_closed(host, device)
    if not any(_below(host, f"{folder}/{LIBRARY}").exists() for folder in FOLDERS):
        raise NotOffered(f"The driver's library {LIBRARY} is in none of {', '.join(FOLDERS)}.")
    if not (tensorflow or _installed()):
        raise NotOffered(f"The package {PACKAGE} is not installed; tensorflow-cpu cannot use a GPU.")
    return Gpu(tuple(cards[device] for device in sorted(cards)), driver, devices)


def _driver(host: Path) -> str:
    """Return the version of the driver: "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  …"."""
    try:
        words = (host / DRIVER / "version").read_text().split()
    except OSError:
        raise NotOffered(f"No NVIDIA driver is loaded: /{DRIVER}/version does not exist.") from None
    return next((word for word in words if word.replace(".", "").isdecimal() and "." in word), "unknown")


def _cards(host: Path) -> dict[str, str]:
    """Return the model of each GPU by its device node. A container may list GPUs without having their nodes."""
    models = {}
    for card in sorted((host / DRIVER / "gpus").glob("*/information")):
        fields = dict(line.split(":", 1) for line in card.read_text().splitlines() if ":" in line)
        node = f"/dev/nvidia{fields.get('Device Minor', '').strip()}"
        if _below(host, node).exists():
            models[node] = fields.get("Model", "").strip() or "unknown model"
    return models


def _refuse_closed(host: Path, device: str) -> None:
    """Raise NotOffered unless every user may use the node: each run has a separate user."""
    try:
        mode = _below(host, device).stat().st_mode
    except OSError:
        raise NotOffered(f"The device node {device} does not exist; `nvidia-modprobe -u -c 0` makes it.") from None
    if mode & 0o006 != 0o006:
        raise NotOffered(f"Each run has a separate user, who may not open {device}.")


def _below(host: Path, path: str) -> Path:
    return host / path.lstrip(os.sep)


def _installed() -> str | None:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return None
