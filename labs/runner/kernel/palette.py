"""The colors of figures: those of the site's pages, in its light and its dark theme (`static/css/tokens.css`).

Figures are transparent, so the background of the page shows. Each figure is drawn once in each theme.
"""

import colorsys
from collections.abc import Sequence
from functools import lru_cache

from matplotlib.colors import to_hex, to_rgb

type Rgba = tuple[float, float, float, float]

SURFACE, SUNK, INK, INK_2, INK_3 = "#fcfcfb", "#e6e8e4", "#14181b", "#434a4f", "#5c6469"
LINE, EDGE, SIGNAL, BLUE, GREEN, RED = "#d2d6d1", "#7b8387", "#e0550b", "#2b5f93", "#0a6b4d", "#a81241"
PURPLE, OCHER = "#6b4fa0", "#8a6d00"
DARK = {
    SURFACE: "#15191c",
    SUNK: "#1e2327",
    INK: "#e8ebe9",
    INK_2: "#b4bbbe",
    INK_3: "#929b9f",
    LINE: "#2b3136",
    EDGE: "#727c82",
    SIGNAL: "#ff7a33",
    BLUE: "#7fb2e5",
    GREEN: "#5ccb9a",
    RED: "#ff8098",
    PURPLE: "#b79df0",
    OCHER: "#d9b74a",
}
CYCLE = (SIGNAL, BLUE, GREEN, RED, PURPLE, OCHER, INK_3, INK)
LEAST_CONTRAST = 2.5  # to the dark background; a darker color of the learner's becomes at least as light as it was dark
GOOD_CONTRAST = 4.5  # of such a color; pure blue would stay as it is, because it is as dark as it is light

STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": EDGE,
    "axes.facecolor": "none",
    "axes.grid": False,
    "axes.labelcolor": INK_2,
    "axes.prop_cycle": f"cycler('color', {list(CYCLE)})",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes3d.xaxis.panecolor": SUNK,
    "axes3d.yaxis.panecolor": SUNK,
    "axes3d.zaxis.panecolor": SUNK,
    "boxplot.boxprops.color": INK,
    "boxplot.capprops.color": INK,
    "boxplot.flierprops.color": INK,
    "boxplot.whiskerprops.color": INK,
    "figure.facecolor": "none",
    "grid.color": LINE,
    "hatch.color": INK,
    "legend.edgecolor": LINE,
    "legend.facecolor": SURFACE,
    "patch.edgecolor": INK,
    "savefig.facecolor": SURFACE,
    "text.color": INK,
    "xtick.color": EDGE,
    "xtick.labelcolor": INK_3,
    "ytick.color": EDGE,
    "ytick.labelcolor": INK_3,
}


def in_dark(color: Sequence[float], *, is_face: bool = False) -> Rgba:
    """Return the color to draw in the dark theme; its opacity stays.

    Our colors have a partner there. A white face was drawn to be like the background, so it stays like it. Another color
    changes only if it would be invisible on the dark background.
    """
    red, green, blue, *alpha = (round(float(part), 4) for part in color)
    return (*_rgb_in_dark((red, green, blue), is_face), *(alpha or [1.0]))


@lru_cache(maxsize=1000)
def _rgb_in_dark(rgb: tuple[float, float, float], is_face: bool) -> tuple[float, float, float]:
    name = to_hex(rgb)
    if name in DARK:
        return to_rgb(DARK[name])
    if is_face and name == "#ffffff":
        return to_rgb(DARK[SURFACE])
    if contrast(rgb, to_rgb(DARK[SURFACE])) >= LEAST_CONTRAST:
        return rgb
    hue, lightness, saturation = colorsys.rgb_to_hls(*rgb)
    steps = (min(1.0, 1 - lightness + step / 100) for step in range(101))
    lighter = (colorsys.hls_to_rgb(hue, step, saturation) for step in steps)
    return next(light for light in lighter if contrast(light, to_rgb(DARK[SURFACE])) >= GOOD_CONTRAST)


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the contrast of two colors as WCAG defines it, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(rgb: Sequence[float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
