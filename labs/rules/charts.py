"""Turn TensorBoard's scalars and histograms into charts, thinned out so that a page can draw them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from labs.rules.records import Budget, MalformedRecord, Spent, doubles, fields, floats, message_field, records, whole

MOST_TAGS = 50  # tags of either kind
MOST_POINTS, MOST_STEPS, MOST_BUCKETS = 500, 20, 50
SPARE = 4  # reading keeps up to this multiple, then drops every second point
LONGEST_TAG = 200
MOST_WORK = 400_000  # fields and buckets to read at most, which takes less than half a second
MARK = "tfevents"
FLOAT, DOUBLE = 1, 2  # TensorFlow's DataType

type Bucket = tuple[float, float, float]
type ChartKey = tuple[str, str]


@dataclass
class Charts:
    """Points by (run, tag), where a run is the folder of its file: `[step, value]` for scalars, `(step, buckets)` for
    histograms.
    """

    scalars: dict[ChartKey, list[tuple[int, float]]] = field(default_factory=dict)
    histograms: dict[ChartKey, list[tuple[int, list[Bucket]]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """Return the charts as JSON, sorted by run and tag."""
        scalars = [
            {"run": run, "tag": tag, "points": [list(point) for point in thinned(sorted(points), MOST_POINTS)]}
            for (run, tag), points in sorted(self.scalars.items())
        ]
        histograms = [
            {"run": run, "tag": tag, "steps": [_step(*step) for step in thinned(sorted(steps), MOST_STEPS)]}
            for (run, tag), steps in sorted(self.histograms.items())
        ]
        return {"scalars": scalars, "histograms": histograms}


def _step(step: int, buckets: list[Bucket]) -> dict[str, object]:
    return {"step": step, "buckets": [list(bucket) for bucket in buckets]}


def is_event_file(name: str) -> bool:
    """Return whether a file of this name holds TensorBoard events."""
    return MARK in name.rpartition("/")[2]


def read_charts(files: Iterable[tuple[str, bytes]]) -> Charts:
    """Read event files, given by name. An unreadable record ends its file, and the other files are still read.

    Reading stops after MOST_WORK units, because crafted files could otherwise take any amount of time.
    """
    charts, budget = Charts(), Budget(MOST_WORK)
    for name, content in files:
        run = name.rpartition("/")[0] or "."
        try:
            for record in records(content):
                budget.spend(1)
                _read_event(charts, run, record, budget)
        except MalformedRecord:
            continue
        except Spent:
            break
    return charts


def _read_event(charts: Charts, run: str, event: bytes, budget: Budget) -> None:
    step, summaries = 0, []
    for number, value in fields(event, budget):
        if number == 2:
            step = whole(value)
        elif number == 5:
            summaries.append(message_field(value))
    for summary in summaries:
        for number, value in fields(summary, budget):
            if number == 1:
                _read_value(charts, run, step, message_field(value), budget)


def _read_value(charts: Charts, run: str, step: int, message: bytes, budget: Budget) -> None:
    tag, reading = "", None
    for number, value in fields(message, budget):
        if number == 1:
            tag = message_field(value).decode(errors="replace")[:LONGEST_TAG]
        elif number in READERS:
            reading = READERS[number](value, budget)
    if isinstance(reading, float) and isfinite(reading):
        _add(charts.scalars, (run, tag), (step, reading), MOST_POINTS)
    elif isinstance(reading, list) and reading:
        _add(charts.histograms, (run, tag), (step, reading), MOST_STEPS)


def _add(charts: dict[ChartKey, list[Any]], key: ChartKey, row: tuple[int, Any], most: int) -> None:
    if key not in charts and len(charts) >= MOST_TAGS:
        return
    rows = charts.setdefault(key, [])
    rows.append(row)
    if len(rows) > SPARE * most:
        del rows[1::2]


def _simple(value: int | bytes, budget: Budget) -> float | None:
    numbers = floats(value)
    return numbers[0] if len(numbers) == 1 else None


def _histogram(value: int | bytes, budget: Budget) -> list[Bucket]:
    """Read version 1's format: the right edge of each bucket; the first bucket begins at the smallest value."""
    by_number = dict(fields(message_field(value), budget))
    (least, *_), (most, *_) = (doubles(by_number.get(number) or bytes(8)) for number in (1, 2))
    limits, counts = (doubles(by_number.get(number, b"")) for number in (6, 7))
    budget.spend(len(limits))
    edges = [least, *(min(max(limit, least), most) for limit in limits)]
    return _buckets(list(zip(edges, edges[1:], counts, strict=False)))


def _tensor(value: int | bytes, budget: Budget) -> float | list[Bucket] | None:
    """Read version 2's format: one number is a scalar, rows of three are buckets."""
    by_number = dict(fields(message_field(value), budget))
    numbers = _numbers_of(by_number)
    shape = _shape(by_number.get(2, b""), budget)
    if not shape and len(numbers) == 1:
        return numbers[0]
    if len(shape) == 2 and shape[1] == 3 and len(numbers) == 3 * shape[0]:
        budget.spend(shape[0])
        return _buckets(list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)))
    return None


def _numbers_of(tensor: dict[int, int | bytes]) -> tuple[float, ...]:
    kind = tensor.get(1)
    if kind not in (FLOAT, DOUBLE):
        return ()
    written = tensor.get(4) or tensor.get(5 if kind == FLOAT else 6, b"")
    return floats(written) if kind == FLOAT else doubles(written)


def _shape(message: int | bytes, budget: Budget) -> list[int]:
    sizes = []
    for number, value in fields(message_field(message), budget):
        if number == 2:
            sizes.append(whole(dict(fields(message_field(value), budget)).get(1, 0)))
    return sizes


READERS: dict[int, Callable[[int | bytes, Budget], float | list[Bucket] | None]] = {
    2: _simple,
    5: _histogram,
    8: _tensor,
}


def _buckets(rows: Sequence[Bucket]) -> list[Bucket]:
    """Return at most MOST_BUCKETS buckets, merging neighbors."""
    good = [row for row in rows if all(map(isfinite, row)) and row[2] >= 0]
    stride = -(-len(good) // MOST_BUCKETS) or 1
    groups = (good[at : at + stride] for at in range(0, len(good), stride))
    return [(group[0][0], group[-1][1], sum(row[2] for row in group)) for group in groups]


def thinned[T](rows: Sequence[T], most: int) -> list[T]:
    """Return the first row, the last, and evenly spaced rows between them."""
    if len(rows) <= most:
        return list(rows)
    last = len(rows) - 1
    return [rows[at * last // (most - 1)] for at in range(most)]
