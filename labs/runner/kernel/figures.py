"""The labs' Matplotlib backend (`module://labs.runner.kernel.figures`): figures become PNG displays.

`plt.show()` shows the open figures; the end of a cell shows those that are still open, as in a notebook.
"""

import base64
import io
from collections.abc import Callable
from typing import Any

from matplotlib import _pylab_helpers
from matplotlib.backends.backend_agg import FigureCanvasAgg, FigureManagerBase
from matplotlib.figure import Figure

FigureCanvas = FigureCanvasAgg
FigureManager = FigureManagerBase
BACKEND = f"module://{__name__}"
MOST_PIXELS = 8_000_000

_send: Callable[[dict[str, object]], None] = lambda data: None  # noqa: E731 (replaced by `connect`)


def connect(send: Callable[[dict[str, object]], None]) -> None:
    """Set the function that displays a figure's bundle. A module variable is enough, because a process has one kernel."""
    global _send  # noqa: PLW0603 (matplotlib knows a backend as a module, so its state is the module's)
    _send = send


def png(figure: Figure) -> str:
    """Return the figure as base64 at 100 dots per inch, or fewer if it would have more than eight million pixels."""
    width, height = figure.get_size_inches()
    dots = min(100.0, (MOST_PIXELS / max(width * height, 1e-9)) ** 0.5)
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=dots, bbox_inches="tight")
    return base64.b64encode(written.getvalue()).decode()


def describe(figure: Figure) -> str:
    """Build a text alternative from the figure's own words: "Figure: Loss by step (x: step, y: loss)"."""
    titles = [figure.get_suptitle(), *(_describe_axes(axes) for axes in figure.axes)]
    return "Figure: " + ("; ".join(filter(None, titles)) or "without a title")


def _describe_axes(axes: Any) -> str:
    labels = [f"{name}: {text}" for name, text in (("x", axes.get_xlabel()), ("y", axes.get_ylabel())) if text]
    return " ".join(filter(None, [axes.get_title(), f"({', '.join(labels)})" if labels else ""]))


def bundle(figure: Figure) -> dict[str, object]:
    return {"image/png": png(figure), "text/plain": describe(figure)}


def show(*_args: object, **_kwargs: object) -> None:
    """Show and close every open figure."""
    try:
        for manager in _pylab_helpers.Gcf.get_all_fig_managers():
            if manager.canvas.figure.axes or manager.canvas.figure.get_suptitle():
                _send(bundle(manager.canvas.figure))
    finally:
        _pylab_helpers.Gcf.destroy_all()


def close_shown(figure: Figure) -> None:
    """Forget a figure that was displayed explicitly, so that the end of the cell does not show it again."""
    _pylab_helpers.Gcf.destroy_fig(figure)
