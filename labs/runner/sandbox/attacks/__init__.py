"""Attacks that a sandbox must defeat.

Every runner tries them on itself before it takes work, and the tests run them as learner code. An attack is a function
of the planted canaries. It returns what it gained or None, or raises. The tests also show that each attack succeeds
outside a sandbox, so its failure inside is due to the sandbox.

Canaries: {"secret": path of a file, "folder": path of a folder others may write to, "port": a listening TCP port,
"program": a module of the runner's own, "named": path of a listening unix socket, "abstract": name of an abstract
socket, "pid": a process of ours, "variable": a name that is in that process's environment}. Every function is
self-contained, because tests send its source as a learner's code.
"""

import inspect
from collections.abc import Callable

from labs.runner.sandbox.attacks import files, network, privileges, processes, sharing

CATALOGUE: dict[str, Callable[[dict], object]] = {
    name: attack
    for module in (processes, network, files, privileges, sharing)
    for name, attack in inspect.getmembers(module, inspect.isfunction)
}


def attempt(name: str, canaries: dict) -> str | None:
    """Return what the attack gained, as text, or None if the sandbox defeated it."""
    try:
        gain = CATALOGUE[name](canaries)
    except (OSError, ValueError, AttributeError, RuntimeError):
        return None
    return None if gain is None else str(gain)
