"""The labs' Matplotlib backend (`module://labs.runner.kernel.figures`): figures become PNG displays.

`plt.show()` shows the open figures; the end of a cell shows those that are still open, as in a notebook. Each is drawn
in both themes of the pages, with the numbers that it shows.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from matplotlib import _pylab_helpers, font_manager, rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg, FigureManagerBase
from matplotlib.figure import Figure
from matplotlib.font_manager import get_font

from labs.runner.kernel.frames import DARK, DISPLAY_CAPS, TABLES, display_data
from labs.runner.kernel.palette import STYLE
from labs.runner.kernel.tables import tables
from labs.runner.kernel.themes import dark_png, light_png

FigureCanvas = FigureCanvasAgg
FigureManager = FigureManagerBase
BACKEND = f"module://{__name__}"
MOST_TABLES_BYTES = 256_000
FONTS = Path(__file__).parent / "fonts"
FAMILY = ["Archivo", "DejaVu Sans"]  # a letter that ours lacks comes from Matplotlib's own

_send: Callable[[dict[str, object]], None] = lambda data: None  # noqa: E731 (replaced by `connect`)

for _weight, _file in ((400, "archivo-regular.ttf"), (700, "archivo-bold.ttf")):
    _face = font_manager.ttfFontProperty(get_font(str(FONTS / _file)))
    font_manager.fontManager.ttflist.append(replace(_face, name=FAMILY[0], weight=_weight))  # the files are named apart


def connect(send: Callable[[dict[str, object]], None]) -> None:
    """Set the function that displays a figure's bundle, and let figures have our colors and our font.

    A module variable is enough, because a process has one kernel.
    """
    global _send  # noqa: PLW0603 (matplotlib knows a backend as a module, so its state is the module's)
    _send = send
    rcParams.update({**STYLE, "font.family": FAMILY})


def describe(figure: Figure) -> str:
    """Build a text alternative from the figure's own words: "Figure: Loss by step (x: step, y: loss)"."""
    titles = [figure.get_suptitle(), *(_describe_axes(axes) for axes in figure.axes)]
    return "Figure: " + ("; ".join(filter(None, titles)) or "without a title")


def _describe_axes(axes: Any) -> str:
    labels = [f"{name}: {text}" for name, text in (("x", axes.get_xlabel()), ("y", axes.get_ylabel())) if text]
    return " ".join(filter(None, [axes.get_title(), f"({', '.join(labels)})" if labels else ""]))


def bundle(figure: Figure) -> dict[str, object]:
    display = display_data({"image/png": light_png(figure), "text/plain": describe(figure)})
    dark = dark_png(figure) if "image/png" in display else None
    if dark is not None and len(dark) <= DISPLAY_CAPS["image/png"]:
        display[DARK] = dark
    numbers = {"tables": tables(figure)}
    if numbers["tables"] and len(json.dumps(numbers)) <= MOST_TABLES_BYTES:
        display[TABLES] = numbers
    return display


def show(*_args: object, **_kwargs: object) -> None:
    """Show and close every open figure."""
    try:
        for manager in _pylab_helpers.Gcf.get_all_fig_managers():
            if manager.canvas.figure.axes or manager.canvas.figure.get_suptitle():
                _send(bundle(manager.canvas.figure))
    finally:
        _pylab_helpers.Gcf.destroy_all()


def show_alone(figure: Figure) -> None:
    """Show a figure that was displayed explicitly, and forget it, so that the end of the cell does not show it again."""
    _send(bundle(figure))
    _pylab_helpers.Gcf.destroy_fig(figure)
