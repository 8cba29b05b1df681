"""Draw a Matplotlib figure in the light and in the dark theme of the pages."""

import base64
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Transform

from labs.runner.kernel.palette import in_dark

MOST_PIXELS = 8_000_000

type Color = Sequence[float] | None


class DarkRenderer(RendererAgg):
    """Draw everything but pictures in the dark theme. The figure itself does not change.

    Colors that represent values do not change either: those of a collection with several, and those of texts in a picture.
    """

    def _update_methods(self) -> None:
        super()._update_methods()
        self.draw_markers = self._in_dark(self.draw_markers)
        self.draw_path_collection = self._collection_in_dark(self.draw_path_collection)

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Color = None) -> None:  # noqa: N803 - Matplotlib's name
        self._in_dark(super().draw_path)(gc, path, transform, rgbFace)

    def draw_text(self, gc: GraphicsContextBase, *args: object, mtext: Text | None = None, **options: object) -> None:
        if _is_in_picture(mtext):
            super().draw_text(gc, *args, mtext=mtext, **options)
            return
        with _stroke_in_dark(gc):
            super().draw_text(gc, *args, mtext=mtext, **options)

    def _in_dark(self, draw: Callable[..., None]) -> Callable[..., None]:
        def drawn(gc: GraphicsContextBase, *args: object) -> None:
            *shape, face = args
            with _stroke_in_dark(gc):
                draw(gc, *shape, None if face is None else in_dark(face, is_face=True))

        return drawn

    def _collection_in_dark(self, draw: Callable[..., None]) -> Callable[..., None]:
        def drawn(gc: GraphicsContextBase, *args: object, **options: object) -> None:
            *shape, faces, edges, widths, styles, antialiased, urls, offset_position = args
            with _stroke_in_dark(gc):
                colors = _one_in_dark(faces, is_face=True), _one_in_dark(edges)
                draw(gc, *shape, *colors, widths, styles, antialiased, urls, offset_position, **options)

        return drawn


class DarkCanvas(FigureCanvasAgg):
    def get_renderer(self) -> DarkRenderer:
        width, height = self.get_width_height(physical=True)
        return DarkRenderer(width, height, self.figure.dpi)


@contextmanager
def _stroke_in_dark(gc: GraphicsContextBase) -> Iterator[None]:
    light = gc.get_rgb()
    gc.set_foreground(in_dark(light), isRGBA=True)
    try:
        yield
    finally:
        gc.set_foreground(light, isRGBA=True)


def _one_in_dark(colors: np.ndarray, *, is_face: bool = False) -> np.ndarray:
    return np.array([in_dark(colors[0], is_face=is_face)]) if len(colors) == 1 else colors


def _is_in_picture(text: Text | None) -> bool:
    axes = text.axes if text is not None else None
    return axes is not None and text in axes.texts and _has_picture(axes)


def _has_picture(axes: Axes) -> bool:
    return bool(axes.images) or any(isinstance(collection, QuadMesh) for collection in axes.collections)


def light_png(figure: Figure) -> str:
    """Return the figure as base64 at 100 dots per inch, or fewer if it would have more than eight million pixels."""
    return _png(figure, FigureCanvasAgg)


def dark_png(figure: Figure) -> str | None:
    """Return the figure in the dark theme, as `light_png` does, or None if the learner gave it a background."""
    patches = [figure.patch, *(axes.patch for axes in figure.axes)]
    if any(patch.get_visible() and patch.get_facecolor()[3] for patch in patches):
        return None
    return _png(figure, DarkCanvas)


def _png(figure: Figure, canvas: type[FigureCanvasAgg]) -> str:
    width, height = figure.get_size_inches()
    dots = min(100.0, (MOST_PIXELS / max(width * height, 1e-9)) ** 0.5)
    written, old_canvas = io.BytesIO(), figure.canvas
    try:
        canvas(figure).print_figure(
            written, format="png", dpi=dots, bbox_inches="tight", facecolor=figure.get_facecolor()
        )
    finally:
        figure.set_canvas(old_canvas)
    return base64.b64encode(written.getvalue()).decode()
