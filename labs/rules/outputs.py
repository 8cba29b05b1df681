"""Shape a run's output for storing."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

TEXT, STREAM = "text/plain", "application/vnd.finalcheck.stream+json"

type StoredOutput = dict[str, Any]


def join_streams(outputs: Iterable[StoredOutput]) -> list[StoredOutput]:
    """Join consecutive text of one stream of one cell into one output, as notebooks store it. It keeps the first `seq`."""
    numbered = enumerate(outputs)
    return [_join_outputs([output for _, output in stretch]) for _, stretch in groupby(numbered, key=_stretch)]


def _stretch(numbered: tuple[int, StoredOutput]) -> object:
    """Return a key that is equal for neighbors that belong together. Anything but stream text stays separate."""
    position, output = numbered
    data = output["data"]
    return (output["cell"], repr(data[STREAM])) if data.keys() == {TEXT, STREAM} else position


def _join_outputs(stretch: list[StoredOutput]) -> StoredOutput:
    first = stretch[0]
    if len(stretch) == 1:
        return first
    return {**first, "data": {**first["data"], TEXT: "".join(output["data"][TEXT] for output in stretch)}}
