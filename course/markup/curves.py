"""Learning curves as a drawing: one for each metric, with training and validation together, as the page draws live ones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import count
from math import ceil, floor, isfinite, log10

WIDTH, HEIGHT = 320, 150  # of the plot itself
LEFT, RIGHT, BELOW = 48, 8, 48  # the margins hold the labels; above are the names of the curves
ROW = 18  # the height of a name
MOST_TICKS = 4
FLAT, SMALLEST = 1e-9, 1e-100  # differences that are rounding, of the values themselves and in all
KINDS = ("p1", "p2", "p3")

type CurvePoints = Sequence[tuple[float, float]]


def curves_html(axis: str, curves: Mapping[str, CurvePoints]) -> Iterator[str]:
    """Yield a drawing for each metric. A curve is that of training or, if its name begins with val_, of validation."""
    metrics: dict[str, dict[str, CurvePoints]] = {}
    for name, points in curves.items():
        fit = [(x, y) for x, y in points if isfinite(x) and isfinite(y)]
        if fit:
            metrics.setdefault(name.removeprefix("val_"), {})[name] = fit
    for metric, lines in metrics.items():
        yield _plot(metric, axis, lines)


def _plot(metric: str, axis: str, lines: Mapping[str, CurvePoints]) -> str:
    every = [point for points in lines.values() for point in points]
    across, up = _range([x for x, _ in every]), _range([y for _, y in every], is_upward=True)

    def at(x: float, y: float) -> tuple[float, float]:
        return WIDTH * _share(x, across), HEIGHT * (1 - _share(y, up))

    grid = "".join(_grid_line(at(across[0], y)[1], y) for y in _ticks(up))
    least = 1 if all(float(x).is_integer() for x, _ in every) else 0
    marks = "".join(_mark(at(x, up[0])[0], x) for x in _ticks(across, least))
    kinds = [KINDS[min(index, 2)] for index in range(len(lines))]
    drawn = "".join(_line(points, kind, at) for kind, points in zip(kinds, lines.values(), strict=True))
    above = ROW * len(lines) + ROW
    named = zip(count(ROW - above, ROW), kinds, lines.items(), strict=False)
    legend = "".join(_legend(top, kind, name, points) for top, kind, (name, points) in named)
    box = f"{-LEFT} {-above} {LEFT + WIDTH + RIGHT} {above + HEIGHT + BELOW}"
    return (
        f'<svg viewBox="{box}" role="img" aria-label="{escape(_in_words(metric, axis, lines))}">{grid}{marks}'
        f'<path class="pa" d="M0 0V{HEIGHT}H{WIDTH}"></path>{drawn}{legend}'
        f'<text class="tx" x="{WIDTH}" y="{HEIGHT + 40}" text-anchor="end">{escape(axis)}</text></svg>'
    )


def _line(points: CurvePoints, kind: str, at: Callable[[float, float], tuple[float, float]]) -> str:
    places = [at(x, y) for x, y in points]
    path = "M" + "L".join(f"{x:.0f} {y:.1f}" for x, y in places)
    return f'<path class="{kind}" d="{path}"></path>'


def _grid_line(top: float, value: float) -> str:
    line = f'<path class="pg" d="M0 {top:.1f}H{WIDTH}"></path>' if top < HEIGHT else ""
    return f'{line}<text x="-8" y="{top + 4:.1f}" text-anchor="end">{short(value)}</text>'


def _mark(left: float, value: float) -> str:
    return f'<text x="{left:.0f}" y="{HEIGHT + 20}" text-anchor="middle">{short(value)}</text>'


def _legend(top: float, kind: str, name: str, points: CurvePoints) -> str:
    """Return the name and the last value of a curve, behind a piece of its line."""
    line = f'<path class="{kind}" d="M0 {top - 4}h24"></path>'
    return f'{line}<text class="tx" x="32" y="{top}">{escape(name)} {short(points[-1][1])}</text>'


def _in_words(metric: str, axis: str, lines: Mapping[str, CurvePoints]) -> str:
    parts = [f"{name} from {short(points[0][1])} to {short(points[-1][1])}" for name, points in lines.items()]
    return f"{metric} by {axis}: {', '.join(parts)}"


def _range(values: Sequence[float], *, is_upward: bool = False) -> tuple[float, float]:
    """Return the ends of an axis. One that goes up begins at 0 unless that would flatten the curve."""
    low, high = min(values), max(values)
    if is_upward and 0 <= low < high / 2:
        low = 0
    if high - low <= max(abs(low), abs(high)) * FLAT or high - low < SMALLEST:
        half = abs(low) / 2 if abs(low) > SMALLEST else 0.5
        return low - half, high + half
    return low, high + (high - low) * 0.05 if is_upward else high


def _share(value: float, ends: tuple[float, float]) -> float:
    return (value - ends[0]) / (ends[1] - ends[0])


def _ticks(ends: tuple[float, float], least: float = 0) -> Iterator[float]:
    """Yield round numbers between the ends, at least so far apart: multiples of 1, 2 or 5 times a power of ten."""
    low, high = ends
    rough = max((high - low) / MOST_TICKS, least)
    power = 10.0 ** floor(log10(rough))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough * (1 - 1e-9))
    first = ceil(low / step - 1e-9)
    yield from (number * step for number in range(first, floor(high / step + 1e-9) + 1))


def short(value: float) -> str:
    """Return a number with three digits: 0.125, 2.3, 1e-05."""
    return f"{value:.3g}"
