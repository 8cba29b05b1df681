"""The numbers of a Matplotlib figure as tables, for people who cannot see it."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, SupportsFloat

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

MOST_TABLES = 12
MOST_ROWS = 100
MOST_COLUMNS = 12
LONGEST = 80  # characters of a name

type TableValue = float | str | None
type FigureTable = dict[str, object]


def tables(figure: Figure) -> list[FigureTable]:
    """Return the figure's lines, points, bars and surfaces as [{"title", "columns", "rows", "left_out"}].

    A table shows at most a hundred rows, evenly spread; `left_out` says how many are missing. A value that is not finite
    is None. Pictures are left out.
    """
    all_tables = [
        table for axes in figure.axes for table in (_tables_in_space if axes.name == "3d" else _tables_of)(axes)
    ]
    return all_tables[:MOST_TABLES]


def _tables_of(axes: Axes) -> Iterator[FigureTable]:
    title, across, up = axes.get_title(), axes.get_xlabel() or "x", axes.get_ylabel() or "y"
    lines: dict[bytes, tuple[list[Any], list[tuple[str, Any]]]] = {}
    for line in axes.get_lines():
        if line.get_transform().contains_branch(axes.transData) and len(line.get_xdata()) > 1:
            x, y = line.get_xdata(), line.get_ydata()
            name = _label(line) or up
            lines.setdefault(np.asarray(x).tobytes(), (list(x), []))[1].append((name, y))
    for x, columns in lines.values():
        some = columns[:MOST_COLUMNS]
        yield _table(title, [across, *(name for name, _ in some)], [x, *(y for _, y in some)])
    for points in axes.collections:
        offsets = np.ma.getdata(points.get_offsets())
        if type(points).__name__ == "PathCollection" and len(offsets):
            yield _table(_label(points) or title, [across, up], [offsets[:, 0], offsets[:, 1]])
    for bars in axes.containers:
        if isinstance(bars, BarContainer) and len(bars):
            yield _bars(bars, axes, title, across, up)


def _tables_in_space(axes: Any) -> Iterator[FigureTable]:
    title = axes.get_title()
    names = [axes.get_xlabel() or "x", axes.get_ylabel() or "y", axes.get_zlabel() or "z"]
    for line in axes.get_lines():
        yield _table(_label(line) or title, names, line.get_data_3d())
    for artist in axes.collections:
        name = _label(artist) or title
        if hasattr(artist, "_offsets3d"):  # Matplotlib has no public name for the places of what it draws in space
            yield _table(name, names, [np.ma.getdata(values) for values in artist._offsets3d])
        elif len(corners := _corners(artist)):
            yield _surface(name, names, np.unique(corners, axis=0))


def _corners(drawn: Artist) -> np.ndarray:
    """Return the corners of a surface's faces, or of the lines of a wireframe, [corners, 3]."""
    if hasattr(drawn, "_faces"):
        is_missing = np.broadcast_to(drawn._invalid_vertices, drawn._faces.shape[:2])
        return np.ma.getdata(drawn._faces)[~is_missing]
    return np.concatenate([np.empty((0, 3)), *getattr(drawn, "_segments3d", [])])


def _surface(title: str, names: list[str], corners: np.ndarray) -> FigureTable:
    """Return the heights of a surface over a grid, a row for each y; or its corners, if they are not over a grid."""
    heights = {(x, y): z for x, y, z in corners}
    across, up = _lines_of_grid(corners[:, 0]), _lines_of_grid(corners[:, 1])
    if len(heights) < len(corners) or any((x, y) not in heights for x in across for y in up):
        return _table(title, names, [*corners.T])
    some = _spread(across, MOST_COLUMNS)
    columns = [names[1], *(f"{names[0]} = {x:.4g}" for x in some)]
    values = [up, *([heights[x, y] for y in up] for x in some)]
    return _table(": ".join(filter(None, [title, names[2]])), columns, values)


def _lines_of_grid(values: np.ndarray) -> list[float]:
    """Return the values that occur most often: a coarse surface also has corners between the lines of its grid."""
    distinct, counts = np.unique(values, return_counts=True)
    return list(distinct[counts == counts.max()])


def _bars(bars: BarContainer, axes: Axes, title: str, across: str, up: str) -> FigureTable:
    """Return the table of bars: where each is, by the label below it if there is one, and how long it is."""
    is_horizontal = bars.orientation == "horizontal"
    axis = axes.yaxis if is_horizontal else axes.xaxis
    labels = {
        _rounded(position): text.get_text()
        for position, text in zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=False)
    }
    centers = [
        bar.get_y() + bar.get_height() / 2 if is_horizontal else bar.get_x() + bar.get_width() / 2 for bar in bars
    ]
    positions = [_rounded(center) for center in centers]
    is_named = all(labels.get(position) for position in positions)
    lengths = [bar.get_width() if is_horizontal else bar.get_height() for bar in bars]
    columns = [up, across] if is_horizontal else [across, _label(bars) or up]
    return _table(title, columns, [[labels[position] for position in positions] if is_named else positions, lengths])


def _label(artist: Artist) -> str:
    """Return the name that the learner gave it; Matplotlib's own begin with "_"."""
    label = str(artist.get_label() or "")
    return "" if label.startswith("_") else label


def _table(title: str, columns: list[str], values: list[Sequence[SupportsFloat | str]]) -> FigureTable:
    number = min(len(column) for column in values)
    rows = [[_value(column[row]) for column in values] for row in _spread(range(number), MOST_ROWS)]
    return {
        "title": title[:LONGEST],
        "columns": [str(name)[:LONGEST] for name in columns],
        "rows": rows,
        "left_out": number - len(rows),
    }


def _spread[Thing](things: Sequence[Thing], most: int) -> Sequence[Thing]:
    """Return at most so many of the things, evenly spread, with the first and the last."""
    if len(things) <= most:
        return things
    return [things[index] for index in np.linspace(0, len(things) - 1, most).round().astype(int)]


def _value(value: SupportsFloat | str) -> TableValue:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)[:LONGEST]
    return _rounded(number) if math.isfinite(number) else None


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")
