"""Run a lab's probes and produce one row for each."""

import hashlib
import runpy
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from labs.runner.judge.authoring import Ask, Asks, HeldOut, NearMiss, Probe, Wrong
from labs.runner.judge.untrusted import Raised, Unacceptable


class ProbesBroken(Exception):
    """probes.py is invalid. The author must fix it; the learner is not at fault."""


class Judge:
    """Run the probes of one file. A seed fixes each probe's inputs, whatever the other probes did."""

    def __init__(self, probes_path: str, seed: int) -> None:
        self.path, self.seed = probes_path, seed
        self.probes = read_probes(probes_path)

    def names(self) -> list[dict[str, object]]:
        """Return what a learner may see before a run: each test's name, points and tolerance."""
        return [_description(probe) for probe in self.probes]

    def judge(self, ask: Ask, held_out: Ask | None) -> Iterator[dict[str, object]]:
        """Yield one row per probe as soon as it is judged: {name, verdict, message, tolerance, points}.

        The verdict is `passed`, `failed` (the answer is wrong) or `error` (the learner's code raised or did not
        answer). `points` is what the probe is worth; only `passed` earns it. Raises ProbesBroken if the probes contain
        a mistake.
        """
        asks = Asks(ask, held_out, Path(self.path).parent)
        return (self.row(probe, asks) for probe in self.probes)

    def row(self, probe: Probe, asks: Asks) -> dict[str, object]:
        """Judge one probe."""
        try:
            probe.judge(asks, self._generator(probe))
        except Raised as raised:
            verdict, message = "error", str(raised)
        except MemoryError:
            verdict, message = "failed", f"{probe.message} The answer takes too much memory to be judged."
        except (Wrong, Unacceptable) as wrong:
            verdict, message = "failed", f"{probe.message} {wrong}"
        except (ArithmeticError, AttributeError, LookupError, NameError, OSError, TypeError, ValueError) as broken:
            raise ProbesBroken(f"{probe.name}: {type(broken).__name__}: {broken}") from broken
        else:
            verdict, message = "passed", ""
        return {**_description(probe), "verdict": verdict, "message": message}

    def _generator(self, probe: Probe) -> np.random.Generator:
        name = int.from_bytes(hashlib.sha256(probe.name.encode()).digest()[:8])
        return np.random.default_rng([abs(self.seed), name])


def read_probes(path: str) -> tuple[Probe, ...]:
    """Run the file and return its validated PROBES. Raises ProbesBroken."""
    try:
        probes = runpy.run_path(path).get("PROBES")
    except Exception as error:
        raise ProbesBroken(f"{path}: {type(error).__name__}: {error}") from error
    if not isinstance(probes, list) or not probes or not all(isinstance(probe, Probe) for probe in probes):
        raise ProbesBroken(f"{path} has no PROBES: a list of Call, Read, Run and HeldOut")
    names = [probe.name for probe in probes]
    if len(set(names)) < len(names):
        raise ProbesBroken(f"{path}: two probes have the same name")
    if not all(type(probe.points) is int and probe.points > 0 for probe in probes):
        raise ProbesBroken(f"{path}: points are whole numbers above 0")
    for probe in probes:
        _require_near_misses(path, probe)
    return tuple(probes)


def _require_near_misses(path: str, probe: Probe) -> None:
    """Raise ProbesBroken unless each near miss is a NearMiss of a probe that supports it, with a unique sentence."""
    if isinstance(probe, HeldOut) and probe.near_misses:
        raise ProbesBroken(f"{path}: {probe.name}: a HeldOut probe has no near misses")
    if not all(isinstance(miss, NearMiss) and miss.sentence for miss in probe.near_misses):
        raise ProbesBroken(f"{path}: {probe.name}: near_misses is a list of NearMiss, each with a sentence")
    if len({miss.sentence for miss in probe.near_misses}) < len(probe.near_misses):
        raise ProbesBroken(f"{path}: {probe.name}: two near misses have the same sentence")


def _description(probe: Probe) -> dict[str, object]:
    return {"name": probe.name, "points": probe.points, "tolerance": probe.stated_tolerance()}
