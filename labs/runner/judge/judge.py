"""Runs a lab's probes and gives one row each."""

import hashlib
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from labs.runner.judge.authoring import Asks, Probe, Wrong
from labs.runner.judge.untrusted import Raised, Unacceptable


class ProbesBroken(Exception):
    """probes.py is not what it should be; never the learner's fault."""


class Judge:
    """The probes of one file. With the same seed every probe draws the same inputs, whatever the others did."""

    def __init__(self, probes_path: str, seed: int) -> None:
        self._seed = seed
        self._folder = Path(probes_path).parent
        self._probes = read_probes(probes_path)

    def names(self) -> list[dict[str, Any]]:
        """What may be told before a run: name, points and tolerance of every test."""
        return [_told(probe) for probe in self._probes]

    def judge(
        self,
        ask: Callable[[dict[str, Any]], dict[str, Any]],
        held_out: Callable[[dict[str, Any]], dict[str, Any]] | None,
    ) -> Iterator[dict[str, Any]]:
        """One row a probe, each as soon as it is judged: {name, verdict, message, tolerance, points}.

        Verdicts: `passed`; `failed`, the answer is wrong; `error`, the learner's code raised or did not answer.
        `points` are the probe's worth, earned only with `passed`. A mistake of the probes themselves raises ProbesBroken.
        """
        asks = Asks(ask, held_out, self._folder)
        return (self._row(probe, asks) for probe in self._probes)

    def _row(self, probe: Probe, asks: Asks) -> dict[str, Any]:
        try:
            probe.judge(asks, self._generator(probe))
        except Raised as raised:
            verdict, message = "error", str(raised)
        except (Wrong, Unacceptable) as wrong:
            verdict, message = "failed", f"{probe.message} {wrong}"
        except (ArithmeticError, AttributeError, LookupError, NameError, OSError, TypeError, ValueError) as broken:
            raise ProbesBroken(f"{probe.name}: {type(broken).__name__}: {broken}") from broken
        else:
            verdict, message = "passed", ""
        return {**_told(probe), "verdict": verdict, "message": message}

    def _generator(self, probe: Probe) -> np.random.Generator:
        name = int.from_bytes(hashlib.sha256(probe.name.encode()).digest()[:8])
        return np.random.default_rng([abs(self._seed), name])


def read_probes(path: str) -> tuple[Probe, ...]:
    """Runs the file and checks its PROBES. Raises ProbesBroken."""
    probes = runpy.run_path(path).get("PROBES")
    if not isinstance(probes, list) or not probes or not all(isinstance(probe, Probe) for probe in probes):
        raise ProbesBroken(f"{path} has no PROBES: a list of Call, Read, Run and HeldOut")
    names = [probe.name for probe in probes]
    if len(set(names)) < len(names):
        raise ProbesBroken(f"{path}: two probes have the same name")
    if not all(type(probe.points) is int and probe.points > 0 for probe in probes):
        raise ProbesBroken(f"{path}: points are whole numbers above 0")
    return tuple(probes)


def _told(probe: Probe) -> dict[str, Any]:
    return {"name": probe.name, "points": probe.points, "tolerance": probe.stated_tolerance()}
