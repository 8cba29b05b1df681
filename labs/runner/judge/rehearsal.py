"""Check that the judge recognizes every near miss of a lab's probes.

    python -m labs.runner.judge.rehearsal PROBES [--seeds 20]

It prints a JSON object: `asked`, the names that the probes ask for; `near_misses`, [probe, sentence] of each near miss;
`problems`, a sentence for each that was not recognized with every seed. No learner's code runs.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from labs.runner.judge.authoring import Asks, Call, HeldOut, NearMiss, Probe, Read, Run
from labs.runner.judge.judge import Judge, read_probes
from labs.runner.kernel.wire import ProbeRequest, decode, encode

SEEDS = 20


def near_misses(path: str) -> list[tuple[str, str]]:
    """Return (probe, sentence) of every near miss."""
    return [(probe.name, miss.sentence) for probe in read_probes(path) for miss in probe.near_misses]


def find_problems(path: str, seeds: int = SEEDS) -> Iterator[str]:
    """Yield a sentence for each near miss that some seed did not recognize, and for each right answer called wrong."""
    for probe in read_probes(path):
        for miss in probe.near_misses:
            if count := sum(not _is_recognized(path, probe, miss, seed) for seed in range(seeds)):
                yield f"{probe.name}: “{miss.sentence}” was not recognized with {count} of {seeds} seeds."
        if not probe.near_misses or probe.accept is not None:
            continue  # the model solution shows that what accepts answers accepts the right one
        if count := sum(not _is_right(path, probe, seed) for seed in range(seeds)):
            yield f"{probe.name}: the right answer fails with {count} of {seeds} seeds."


def _is_recognized(path: str, probe: Probe, miss: NearMiss, seed: int) -> bool:
    row = judged_alone(path, probe, miss.reference, seed)
    return (row["verdict"], row["message"]) == ("failed", f"{probe.message} {miss.sentence}")


def _is_right(path: str, probe: Probe, seed: int) -> bool:
    return judged_alone(path, probe, probe.reference, seed)["verdict"] == "passed"


def judged_alone(path: str, probe: Probe, reference: object, seed: int) -> dict[str, object]:
    """Return the row of one probe if the learner's answers are those of `reference`: doubles with odd seeds, else floats."""
    judge = Judge(path, seed)  # reads the file again, because what accepts an answer may remember earlier rounds
    alone = next(each for each in judge.probes if each.name == probe.name)
    return judge.row(alone, Asks(_answering(reference, is_single=seed % 2 == 0), None, Path(path).parent))


def _answering(reference: object, *, is_single: bool) -> Callable[[ProbeRequest], object]:
    def ask(request: ProbeRequest) -> object:
        given = [*request.get("args", ()), *request.get("feed", {}).values()]
        with np.errstate(all="ignore"):
            found = reference(*map(decode, given)) if callable(reference) else reference
        return {"ok": encode(_as_learners_do(found, is_single=is_single))}

    return ask


def _as_learners_do(value: object, *, is_single: bool) -> object:
    """Return arrays as TensorFlow (single precision) or NumPy computes them."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [_as_learners_do(part, is_single=is_single) for part in value]
    array = np.asarray(value)
    return array.astype(np.float32 if is_single and array.dtype.kind == "f" else array.dtype)


def asked_names(path: str) -> list[str]:
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


def main() -> None:
    parser = argparse.ArgumentParser(prog="labs.runner.judge.rehearsal", description="Tries a lab's near misses.")
    parser.add_argument("probes", type=Path)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    options = parser.parse_args()
    path = str(options.probes)
    found = {
        "asked": asked_names(path),
        "near_misses": near_misses(path),
        "problems": list(find_problems(path, options.seeds)),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
