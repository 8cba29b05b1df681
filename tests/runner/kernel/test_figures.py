"""Figures in our colors and in both themes, and their numbers as tables. No TensorFlow, no fork."""

import base64
import io
import re
import warnings
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from PIL import Image

from labs.runner.kernel import figures, palette
from labs.runner.kernel.palette import DARK, INK, SIGNAL, SURFACE, in_dark
from labs.runner.kernel.tables import MOST_COLUMNS, MOST_ROWS, tables
from labs.runner.kernel.themes import dark_png, light_png

TOKENS = Path(__file__).parents[3] / "static" / "css" / "tokens.css"
OURS = {palette.PURPLE, palette.OCHER}  # which pages do not use


@pytest.fixture
def axes() -> Any:
    with mpl.rc_context(palette.STYLE):
        yield Figure(figsize=(2, 2)).add_subplot()


def colors(png: str | None) -> set[tuple[int, ...]]:
    """Return the colors of the opaque pixels, and the clear ones as (0, 0, 0, 0)."""
    assert png is not None
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(png)))).reshape(-1, 4)
    clear = pixels[:, 3] == 0
    return {tuple(map(int, pixel)) for pixel in pixels[pixels[:, 3] == 255]} | (
        {(0, 0, 0, 0)} if clear.any() else set()
    )


def opaque(name: str) -> tuple[int, ...]:
    return (*bytes.fromhex(name.removeprefix("#")), 255)


def test_the_colors_are_those_of_the_pages_in_both_themes():
    pairs = dict(re.findall(r"light-dark\((#\w{6}), (#\w{6})\)", TOKENS.read_text()))
    assert {light: dark for light, dark in DARK.items() if light not in OURS}.items() <= pairs.items()


def test_every_color_can_be_seen_on_the_background_of_its_theme():
    for light in palette.CYCLE:
        assert palette.contrast(rgb(light), rgb(SURFACE)) >= 3
        assert palette.contrast(rgb(DARK[light]), rgb(DARK[SURFACE])) >= 3


def rgb(name: str) -> tuple[float, float, float]:
    return mpl.colors.to_rgb(name)


def test_a_figure_has_no_background_and_our_colors_in_each_theme(axes: Any):
    axes.plot([1, 2, 3], linewidth=8)
    light, dark = colors(light_png(axes.figure)), colors(dark_png(axes.figure))
    assert {(0, 0, 0, 0), opaque(SIGNAL)} <= light
    assert {(0, 0, 0, 0), opaque(DARK[SIGNAL])} <= dark
    assert opaque(SURFACE) not in light
    assert opaque(SIGNAL) not in dark


@pytest.fixture
def connected() -> Any:
    with mpl.rc_context():
        figures.connect(lambda bundle: None)
        yield Figure(figsize=(2, 2)).add_subplot()


@pytest.mark.parametrize(("weight", "file"), [("normal", "archivo-regular.ttf"), ("bold", "archivo-bold.ttf")])
def test_words_have_the_face_of_the_pages(connected: Any, weight: str, file: str):
    title = connected.set_title("Loss by step", fontweight=weight)
    assert Path(findfont(title.get_fontproperties())) == figures.FONTS / file


def test_a_letter_that_our_face_lacks_is_drawn_all_the_same(connected: Any):
    connected.set_title("σ(x) → β ≤ ½, é")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Matplotlib warns of a letter that no face has
        assert light_png(connected.figure)


def test_figures_and_certificates_have_the_same_faces():
    certificates = Path(__file__).parents[3] / "grading" / "pages" / "fonts"
    files = {file.name: file.read_bytes() for file in figures.FONTS.iterdir()}
    assert files == {file.name: file.read_bytes() for file in certificates.iterdir()}


def test_drawing_in_the_dark_theme_leaves_the_figure_as_it_was(axes: Any):
    axes.scatter([1, 2], [3, 4], color="black")
    axes.set_title("Two points")
    canvas, before = axes.figure.canvas, light_png(axes.figure)
    dark_png(axes.figure)
    assert (axes.figure.canvas, light_png(axes.figure)) == (canvas, before)


def test_a_black_line_becomes_light_and_a_picture_stays(axes: Any):
    axes.axis("off")
    axes.imshow([[0, 1]], cmap="gray")
    assert {(0, 0, 0, 255), (255, 255, 255, 255)} <= colors(dark_png(axes.figure))
    line = Figure(figsize=(2, 2), facecolor="none").add_subplot(facecolor="none")
    line.plot([1, 2], color="black", linewidth=8)
    found = colors(dark_png(line.figure))
    assert ((255, 255, 255, 255) in found, (0, 0, 0, 255) in found) == (True, False)


@pytest.mark.parametrize(
    ("color", "is_face", "dark"),
    [
        (INK, False, DARK[INK]),
        ("black", False, "#ffffff"),
        ("white", False, "#ffffff"),
        ("white", True, DARK[SURFACE]),
        ("red", False, "#ff0000"),
        ("navy", False, "#7f7fff"),
        ("blue", False, "#7070ff"),  # "b" of Matplotlib
    ],
)
def test_a_color_changes_only_if_it_is_ours_or_could_not_be_seen(color: str, is_face: bool, dark: str):
    assert mpl.colors.to_hex(in_dark(mpl.colors.to_rgba(color), is_face=is_face)) == dark


def test_each_color_of_matplotlib_with_one_letter_can_be_seen_on_the_dark_background():
    for letter in "bgrcmykw":
        assert palette.contrast(in_dark(mpl.colors.to_rgba(letter))[:3], rgb(DARK[SURFACE])) >= 3


def test_the_opacity_of_a_color_stays():
    assert in_dark((*rgb(INK), 0.5)) == (*rgb(DARK[INK]), 0.5)


def test_a_figure_with_a_background_of_its_own_has_no_dark_version(axes: Any):
    axes.set_facecolor("lightyellow")
    assert dark_png(axes.figure) is None


def test_lines_over_the_same_steps_share_a_table(axes: Any):
    axes.plot([1, 2], [0.5, 0.25], label="loss")
    axes.plot([1, 2], [0.7, float("nan")], label="val_loss")
    axes.axhline(0.5)
    axes.set(title="Training", xlabel="epoch")
    assert tables(axes.figure) == [
        {
            "title": "Training",
            "columns": ["epoch", "loss", "val_loss"],
            "rows": [[1.0, 0.5, 0.7], [2.0, 0.25, None]],
            "left_out": 0,
        }
    ]


def test_points_and_bars_have_tables(axes: Any):
    axes.scatter([1, 2], [3, 4], label="flowers")
    bars = Figure().add_subplot(title="Votes")
    bars.bar(["yes", "no"], [3, 1])
    assert tables(axes.figure) == [
        {"title": "flowers", "columns": ["x", "y"], "rows": [[1.0, 3.0], [2.0, 4.0]], "left_out": 0}
    ]
    assert tables(bars.figure) == [
        {"title": "Votes", "columns": ["x", "y"], "rows": [["yes", 3.0], ["no", 1.0]], "left_out": 0}
    ]


def test_a_long_line_shows_a_hundred_rows_with_its_ends(axes: Any):
    axes.plot(range(1001))
    (table,) = tables(axes.figure)
    assert (len(table["rows"]), table["rows"][0][0], table["rows"][-1][0]) == (MOST_ROWS, 0.0, 1000.0)
    assert table["left_out"] == 901


def test_a_picture_has_no_table(axes: Any):
    axes.imshow([[0, 1]])
    assert tables(axes.figure) == []


@pytest.fixture
def space() -> Any:
    return Figure().add_subplot(projection="3d", title="tanh", xlabel="weight", ylabel="bias")


def test_a_surface_is_a_table_of_its_heights(space: Any):
    weights, biases = np.meshgrid([1, 2, 3], [10, 20])
    space.plot_surface(weights, biases, weights + biases)
    assert tables(space.figure) == [
        {
            "title": "tanh: z",
            "columns": ["bias", "weight = 1", "weight = 2", "weight = 3"],
            "rows": [[10.0, 11.0, 12.0, 13.0], [20.0, 21.0, 22.0, 23.0]],
            "left_out": 0,
        }
    ]


@pytest.mark.parametrize("draw", ["plot_surface", "plot_wireframe"])
def test_a_fine_surface_shows_some_of_its_columns_with_both_ends(space: Any, draw: str):
    x, y = np.meshgrid(np.linspace(-3, 3, 61), np.linspace(0, 5, 58))
    getattr(space, draw)(x, y, 10 * x + y)
    (table,) = tables(space.figure)
    across = [float(name.removeprefix("weight = ")) for name in table["columns"][1:]]
    assert (len(across), across[0], across[-1]) == (MOST_COLUMNS, -3, 3)
    up = [row[0] for row in table["rows"]]
    assert (up[0], up[-1]) == (0, 5)
    heights = [row[1:] for row in table["rows"]]
    assert np.allclose(heights, 10 * np.array(across) + np.array(up)[:, None], rtol=2e-3, atol=2e-3)


def test_what_is_not_over_a_grid_shows_its_points(space: Any):
    space.plot([1, 2], [3, 4], [5, 6], label="descent")
    space.scatter([1, 2], [3, 4], [5, 6], label="starts")
    space.plot_trisurf([0, 4, 1, 3], [0, 1, 3, 4], [1, 2, 3, 4])
    columns = ["weight", "bias", "z"]
    descent = {"title": "descent", "rows": [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]}
    starts = {"title": "starts", "rows": [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]}
    corners = {"title": "tanh", "rows": [[0.0, 0.0, 1.0], [1.0, 3.0, 3.0], [3.0, 4.0, 4.0], [4.0, 1.0, 2.0]]}
    shared = {"columns": columns, "left_out": 0}
    assert tables(space.figure) == [each | shared for each in (descent, starts, corners)]


def test_a_closed_surface_shows_its_points(space: Any):
    turn, height = np.meshgrid(np.linspace(0, 6, 7), [0, 1])
    space.plot_surface(np.cos(turn), np.sin(turn), height)
    (table,) = tables(space.figure)
    assert (table["columns"], len(table["rows"])) == (["weight", "bias", "z"], 14)


def test_a_surface_of_which_nothing_is_finite_has_no_table(space: Any):
    x, y = np.meshgrid([1, 2], [1, 2])
    space.plot_surface(x, y, np.full((2, 2), np.nan))
    assert tables(space.figure) == []
