"""TensorBoard's scalars and histograms as charts: thinned out, so that a page can draw them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from labs.rules.records import Malformed, doubles, fields, floats, part, records, whole

MOST_TAGS = 50  # of either kind
MOST_POINTS, MOST_STEPS, MOST_BUCKETS = 500, 20, 50
SPARE = 4  # times as many are held while reading; then every second one goes
LONGEST_TAG = 200
MARK = "tfevents"
FLOAT, DOUBLE = 1, 2  # tensorflow's DataType

type Bucket = tuple[float, float, float]
type Key = tuple[str, str]


@dataclass
class Charts:
    """By (run, tag), a run being the folder of its file: `[step, value]`, and `(step, buckets)`."""

    scalars: dict[Key, list[tuple[int, float]]] = field(default_factory=dict)
    histograms: dict[Key, list[tuple[int, list[Bucket]]]] = field(default_factory=dict)

    def shown(self) -> dict[str, list[dict[str, Any]]]:
        """As JSON, in the order of run and tag."""
        scalars = [
            {"run": run, "tag": tag, "points": [list(point) for point in thinned(sorted(points), MOST_POINTS)]}
            for (run, tag), points in sorted(self.scalars.items())
        ]
        histograms = [
            {"run": run, "tag": tag, "steps": [_step(*each) for each in thinned(sorted(steps), MOST_STEPS)]}
            for (run, tag), steps in sorted(self.histograms.items())
        ]
        return {"scalars": scalars, "histograms": histograms}


def _step(step: int, buckets: list[Bucket]) -> dict[str, Any]:
    return {"step": step, "buckets": [list(bucket) for bucket in buckets]}


def is_event_file(name: str) -> bool:
    return MARK in name.rpartition("/")[2]


def read_charts(files: Iterable[tuple[str, bytes]]) -> Charts:
    """Of event files by name; what in one of them cannot be read ends that file and nothing else."""
    charts = Charts()
    for name, content in files:
        run = name.rpartition("/")[0] or "."
        try:
            for record in records(content):
                _read_event(charts, run, record)
        except Malformed:
            continue
    return charts


def _read_event(charts: Charts, run: str, event: bytes) -> None:
    step, summaries = 0, []
    for number, value in fields(event):
        if number == 2:
            step = whole(value)
        elif number == 5:
            summaries.append(part(value))
    for summary in summaries:
        for number, value in fields(summary):
            if number == 1:
                _read_value(charts, run, step, part(value))


def _read_value(charts: Charts, run: str, step: int, message: bytes) -> None:
    tag, found = "", None
    for number, value in fields(message):
        if number == 1:
            tag = part(value).decode(errors="replace")[:LONGEST_TAG]
        elif number in READERS:
            found = READERS[number](value)
    if isinstance(found, float) and isfinite(found):
        _add(charts.scalars, (run, tag), (step, found), MOST_POINTS)
    elif isinstance(found, list) and found:
        _add(charts.histograms, (run, tag), (step, found), MOST_STEPS)


def _add(charts: dict[Key, list[Any]], key: Key, row: tuple[int, Any], most: int) -> None:
    if key not in charts and len(charts) >= MOST_TAGS:
        return
    rows = charts.setdefault(key, [])
    rows.append(row)
    if len(rows) > SPARE * most:
        del rows[1::2]


def _simple(value: int | bytes) -> float | None:
    found = floats(value)
    return found[0] if len(found) == 1 else None


def _histogram(value: int | bytes) -> list[Bucket]:
    """Version 1's: the right edge of each bucket, the first of which begins at the least value."""
    found = dict(fields(part(value)))
    (least, *_), (most, *_) = (doubles(found.get(number) or bytes(8)) for number in (1, 2))
    limits, counts = (doubles(found.get(number, b"")) for number in (6, 7))
    edges = [least, *(min(max(limit, least), most) for limit in limits)]
    return _buckets(list(zip(edges, edges[1:], counts, strict=False)))


def _tensor(value: int | bytes) -> float | list[Bucket] | None:
    """Version 2's: one number is a scalar, rows of three are buckets."""
    found = dict(fields(part(value)))
    numbers = _numbers_of(found)
    shape = _shape(found.get(2, b""))
    if not shape and len(numbers) == 1:
        return numbers[0]
    if len(shape) == 2 and shape[1] == 3 and len(numbers) == 3 * shape[0]:
        return _buckets(list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)))
    return None


def _numbers_of(tensor: dict[int, int | bytes]) -> tuple[float, ...]:
    kind = tensor.get(1)
    if kind not in (FLOAT, DOUBLE):
        return ()
    written = tensor.get(4) or tensor.get(5 if kind == FLOAT else 6, b"")
    return floats(written) if kind == FLOAT else doubles(written)


def _shape(message: int | bytes) -> list[int]:
    sizes = []
    for number, value in fields(part(message)):
        if number == 2:
            sizes.append(whole(dict(fields(part(value))).get(1, 0)))
    return sizes


READERS: dict[int, Callable[[int | bytes], float | list[Bucket] | None]] = {2: _simple, 5: _histogram, 8: _tensor}


def _buckets(rows: Sequence[Bucket]) -> list[Bucket]:
    """At most MOST_BUCKETS: neighbours are joined."""
    good = [row for row in rows if all(map(isfinite, row)) and row[2] >= 0]
    stride = -(-len(good) // MOST_BUCKETS) or 1
    groups = (good[at : at + stride] for at in range(0, len(good), stride))
    return [(group[0][0], group[-1][1], sum(row[2] for row in group)) for group in groups]


def thinned[T](rows: Sequence[T], most: int) -> list[T]:
    """The first, the last, and evenly what lies between."""
    if len(rows) <= most:
        return list(rows)
    last = len(rows) - 1
    return [rows[at * last // (most - 1)] for at in range(most)]
