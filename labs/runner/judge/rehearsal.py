"""Check that the judge recognizes every near miss of a lab's probes. This runs the author's code, so
labs.services.trials does it in a sandbox.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from labs.runner.judge.authoring import Asks, Call, HeldOut, Probe, Read, Run
from labs.runner.judge.judge import Judge, read_probes
from labs.runner.kernel.wire import ProbeRequest, decode, encode

SEEDS = 20


def near_misses(path: str) -> list[tuple[str, str]]:
    """Return (probe, sentence) of every near miss."""
    return [(probe.name, miss.sentence) for probe in read_probes(path) for miss in probe.near_misses]


def find_problems(path: str, seeds: int = SEEDS) -> Iterator[str]:
    """Yield a sentence for each near miss that some seed did not recognize, and for each right answer called wrong."""
    judges = [Judge(path, seed) for seed in range(seeds)]
    for probe in read_probes(path):
        for miss in probe.near_misses:
            recognized = ("failed", f"{probe.message} {miss.sentence}")
            if count := sum(_judged(judge, probe, miss.reference) != recognized for judge in judges):
                yield f"{probe.name}: “{miss.sentence}” was not recognized with {count} of {seeds} seeds."
        if not probe.near_misses or probe.accept is not None:
            continue  # the model solution shows that what accepts answers accepts the right one
        if count := sum(_judged(judge, probe, probe.reference)[0] != "passed" for judge in judges):
            yield f"{probe.name}: the right answer fails with {count} of {seeds} seeds."


def _judged(judge: Judge, probe: Probe, reference: object) -> tuple[object, object]:
    """Return verdict and message if the learner's answers are those of `reference`: doubles with odd seeds, else floats."""
    if probe.accept is not None:  # what accepts answers may remember earlier ones, so read the file again
        judge = Judge(judge.path, judge.seed)
    alone = next(candidate for candidate in judge.probes if candidate.name == probe.name)
    is_single = judge.seed % 2 == 0 or probe.dtype == "float32"
    asks = Asks(_answering(reference, is_single=is_single), None, Path(judge.path).parent)
    row = judge.row(alone, asks)
    return row["verdict"], row["message"]


def _answering(reference: object, *, is_single: bool) -> Callable[[ProbeRequest], object]:
    def ask(request: ProbeRequest) -> object:
        given = [*request.get("args", ()), *request.get("feed", {}).values()]
        with np.errstate(all="ignore"):
            answer = reference(*map(decode, given)) if callable(reference) else reference
        return {"ok": encode(_as_learners_do(answer, is_single=is_single))}

    return ask


def _as_learners_do(value: object, *, is_single: bool) -> object:
    """Return arrays as TensorFlow (single precision) or NumPy computes them."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [_as_learners_do(part, is_single=is_single) for part in value]
    array = np.asarray(value)
    return array.astype(np.float32 if is_single and array.dtype.kind == "f" else array.dtype)


def required_names(path: str) -> list[str]:
    """Return the names that a learner's code must define, each once."""
    names = []
    for probe in read_probes(path):
        match probe:
            case Call():
                names.append(probe.function)
            case Read():
                names.append(probe.variable)
            case Run():
                names += [probe.session, probe.fetch]
            case HeldOut():
                names += [probe.function] if probe.function else probe.variables
    return list(dict.fromkeys(name.partition(".")[0] for name in names))


def rehearse(path: str, seeds: int = SEEDS) -> dict[str, object]:
    """Return `asked`, the names that the probes ask for; `near_misses`, how many there are; `problems`, a sentence for
    each that was not recognized with every seed.
    """
    problems = list(find_problems(path, seeds))
    return {"asked": required_names(path), "near_misses": len(near_misses(path)), "problems": problems}
