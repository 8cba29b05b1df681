"""An interactive figure: a drawing, with the kind and the data from which the product's script makes it move."""

import pytest

from course.markup import Asset, InteractiveFigure, MarkupProblem, Setting, render_fragment, render_page

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
FOUND = {"a.yaml": InteractiveFigure("convolution", '{"name":"<a>"}')}
FILES = {"a.svg": Asset(svg=SVG), "a.png": Asset(url="/a.png")}
HERE = Setting(find_asset=FILES.get, find_interactive=FOUND.get)


@pytest.mark.parametrize(
    ("braces", "opening"),
    [
        (
            '{#fig interactive="a.yaml"}',
            '<figure data-figure="" id="c-fig" data-interactive="convolution" data-values="{&quot;name&quot;:&quot;&lt;a&gt;&quot;}">',
        ),
        ("", '<figure data-figure="">'),
    ],
)
def test_the_data_of_an_interactive_figure_is_on_its_element(braces, opening):
    page = render_page(f"![x](a.svg){braces}", HERE)
    assert page.problems == ()
    assert f'{opening}<svg viewBox="0 0 1 1" role="img" aria-label="x"></svg></figure>' in page.html


def test_a_lesson_uses_the_file_of_its_interactive_figure():
    assert render_page('![x](a.svg){interactive="a.yaml"}', HERE).assets == ("a.yaml", "a.svg")


def test_a_figure_without_its_data_is_a_mistake():
    page = render_page('Text.\n\n![x](a.svg){interactive="b.yaml"}', HERE)
    assert page.problems == (
        MarkupProblem(3, "the data of the interactive figure, “b.yaml”, is missing or has mistakes."),
    )
    assert '<figure data-figure=""><svg' in page.html


def test_an_interactive_figure_is_an_svg_file():
    page = render_page('Text.\n\n![x](a.png){interactive="a.yaml"}\n\n![y](a.png)', HERE)
    assert page.problems == (MarkupProblem(3, "an interactive figure needs an SVG file, and “a.png” is not one."),)


def test_a_question_has_no_interactive_figure():
    fragment = render_fragment('![x](a.svg){interactive="a.yaml"}', HERE)
    assert fragment.problems == (MarkupProblem(1, "only a lesson can have an interactive figure."),)
    assert "data-interactive" not in fragment.html
