"""Formulas: valid ones are complete and drawn as MathML Core, invalid ones are reported."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.markup.mathml import to_mathml


def core(tex: str) -> str:
    written, problems = to_mathml(tex, is_display=False)
    assert problems == ()
    return written.removeprefix("<math><mrow>").removesuffix("</mrow></math>")


@pytest.mark.parametrize(
    ("tex", "written"),
    [
        ("x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (r"\mathbf{w}", "<mi>𝐰</mi>"),
        (r"\mathbf{Wx}", "<mrow><mi>𝐖</mi><mi>𝐱</mi></mrow>"),
        (r"\mathcal{Lh}", "<mrow><mi>ℒ</mi><mi>𝒽</mi></mrow>"),
        (r"\mathbb{R1}", "<mrow><mi>ℝ</mi><mn>𝟙</mn></mrow>"),
        (r"\boldsymbol{\theta\Omega}", "<mrow><mi>𝜽</mi><mi>𝜴</mi></mrow>"),
        (r"\mathrm{d}x", '<mrow><mrow><mi mathvariant="normal">d</mi></mrow></mrow><mi>x</mi>'),
        (r"\mathrm{max}", '<mrow><mi mathvariant="normal">max</mi></mrow>'),
        (r"\ln p", '<mi>ln</mi><mspace width="0.167em"></mspace><mi>p</mi>'),
        (r"\ln(p)", '<mi>ln</mi><mo stretchy="false">(</mo><mi>p</mi><mo stretchy="false">)</mo>'),
        (r"\operatorname{ReLU}", "<mi>ReLU</mi>"),
        (r"1{,}024", '<mn>1</mn><mrow><mo lspace="0em" rspace="0em">,</mo></mrow><mn>024</mn>'),
        (r"a \sim b", "<mi>a</mi><mo>∼</mo><mi>b</mi>"),
        (r"\text{a < b}", "<mtext>a\xa0&lt;\xa0b</mtext>"),
        ("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        ("a=-b", '<mi>a</mi><mo>=</mo><mo form="prefix">−</mo><mi>b</mi>'),
        ("|a|-b", '<mo stretchy="false">|</mo><mi>a</mi><mo stretchy="false">|</mo><mo>−</mo><mi>b</mi>'),
        (r"\Big\langle x", '<mo minsize="1.623em" maxsize="1.623em">⟨</mo><mi>x</mi>'),
        (r"\big\| x", '<mo minsize="1.2em" maxsize="1.2em">‖</mo><mi>x</mi>'),
        (r"\bigl\{ x", '<mo stretchy="true" fence="true" minsize="1.2em" maxsize="1.2em">{</mo><mi>x</mi>'),
        (r"a+\cdots-b", "<mi>a</mi><mo>+</mo><mo>⋯</mo><mo>−</mo><mi>b</mi>"),
    ],
)
def test_a_formula_as_browsers_draw_it(tex, written):
    assert core(tex) == written


def test_tables_say_how_their_columns_are_aligned():
    assert core(r"\begin{aligned} a &= b \end{aligned}").count('<mtd data-align="right">') == 1
    assert core(r"\begin{cases} 1 & x \\ 0 & y \end{cases}").count('<mtd data-align="left">') == 4


@pytest.mark.parametrize(
    ("tex", "problem"),
    [
        (r"\foo", "“\\foo” is not a known command."),
        (r"\bm{x} \fo", "“\\fo” is not a known command."),
        ("{x", "“{” is never closed."),
        ("x}", "“}” comes too early: nothing is open here."),
        (r"\left( x", "“\\left” is never closed."),
        (r"{ \left( x } \right)", "“}” comes too early: “\\left” must be closed before."),
        (r"\begin{cases} x", "“cases” is never closed."),
        (r"\begin{cases} x \end{matrix}", "“\\end{matrix}” comes too early: “cases” must be closed before."),
        (r"\begin{picture} x \end{picture}", "the environment “picture” is not one that can be drawn."),
        (r"\color{red} x", "“\\color” is not one that browsers draw."),
        (r"\boxed{x}", "“\\boxed” is not one that browsers draw."),
        (r"\frac{1}", "an argument is missing (a fraction, a root, an index or an accent has too few parts)."),
        (r"\sqrt", "this formula cannot be read (no available tokens)."),
        ("x^", "this formula cannot be read (missing super script or subscript)."),
        ("x_1_2", "this formula cannot be read (double subscripts)."),
        ("a & b", "“&” stands outside of a table such as aligned, cases or pmatrix."),
        ("", "this formula cannot be read (no available tokens)."),
    ],
)
def test_a_formula_that_cannot_be_meant(tex, problem):
    assert to_mathml(tex, is_display=True) == ("", (problem,))


@pytest.mark.parametrize("tex", [r"\text{50 \% {of it}", r"\frac{\{}{\}}", r"\textstyle{x}", r"\left\{ x \right."])
def test_braces_that_are_signs_or_words_do_not_confuse_the_count(tex):
    assert all("closed" not in problem for problem in to_mathml(tex, is_display=False)[1])


PIECES = [
    r"\frac",
    r"\sqrt",
    r"\hat",
    r"\mathbf",
    r"\left(",
    r"\right)",
    "{",
    "}",
    "^",
    "_",
    "&",
    r"\\",
    "x",
    "1",
    "<",
    ">",
]
PIECES += [
    "[",
    "]",
    r"\begin{cases}",
    r"\end{cases}",
    r"\text{a}",
    r"\foo",
    "'",
    "%",
    "\n",
    " ",
    r"\sum",
    r"\over",
    r"\limits",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_formula_is_either_refused_or_well_formed(pieces):
    written, problems = to_mathml("".join(pieces), is_display=True)
    assert bool(written) is not bool(problems)
    if written:
        assert ElementTree.fromstring(written).tag == "math"
