"""A page is split at its headings into what people read, code and formulas."""

import pytest

from course.rules import sections as splitting
from course.rules.sections import PageSection, formula_read, marked_text, sections, titled_parts, with_formulas_read

FORMULA = "<math><mi>n</mi></math>"
PAGE = (
    '<section data-section=""><p>A tensor holds numbers.</p></section>'
    '<section data-section=""><h2 id="c-shape">The shape</h2>'
    "<p>Its <strong>rank</strong> is the number of axes. Its <strong>shape</strong> is "
    f"{FORMULA} &amp; more.</p>"
    '<figure data-code="" id="c-l"><header><span data-name="">listing-one</span></header><pre><span>tf.matmul(a, b)\n</span>'
    "</pre></figure></section>"
    '<section data-section=""><h2 id="c-mistakes">Mistakes</h2>'
    '<div data-callout="mistake"><p>A <strong>mistake</strong> here.</p></div></section>'
)


def test_a_page_is_cut_at_its_headings():
    assert [(each.anchor, each.title) for each in sections(PAGE)] == [
        ("", ""),
        ("c-shape", "The shape"),
        ("c-mistakes", "Mistakes"),
    ]


def test_text_has_a_mark_for_each_formula_and_no_markup_or_listing():
    part = sections(PAGE)[1]
    assert (part.text, part.formulas, part.code) == (
        "Its rank is the number of axes. Its shape is \ue000 & more.",
        (FORMULA,),
        "tf.matmul(a, b)\n",
    )
    assert with_formulas_read(part.text, part.formulas).endswith("Its shape is n & more.")


def test_markup_inside_a_word_does_not_split_it():
    assert marked_text("<p><strong>un</strong>supervised <code>tf</code>.<em>nn</em></p>") == ("unsupervised tf.nn", ())


def test_a_formula_is_read_in_one_line():
    written = (
        "<math><mi>p</mi><mo>=</mo><mfrac><msup><mi>e</mi><msub><mi>z</mi><mi>k</mi></msub></msup>"
        "<mrow><mn>1</mn><mo>+</mo><msqrt><mi>x</mi></msqrt></mrow></mfrac></math>"
    )
    assert formula_read(written) == "p = (e^(z_k))/(1 + √x)"
    assert formula_read("<math><mi>not closed</math>") == "not closed"


def test_a_section_keeps_its_html_and_a_page_without_headings_is_one_section():
    assert sections("<p>Text</p>") == [PageSection("", "", "Text", "", "<p>Text</p>")]
    assert sections('<h3 id="a">One <b>two</b></h3>x<h2 id="b">Last</h2>') == [
        PageSection("", "", "", "", ""),
        PageSection("a", "One two", "x", "", "x"),
        PageSection("b", "Last", "", "", ""),
    ]


def test_the_titles_of_a_page_by_their_anchors():
    assert titled_parts(PAGE) == {"c-shape": "The shape", "c-mistakes": "Mistakes"}


def test_several_listings_are_code_line_by_line_and_drawings_are_no_text():
    page = "a<pre>x &lt; 1</pre>b<svg><text>drawn</text></svg><pre><b>y</b></pre>c<figure data-code=''>z</figure>d"
    (part,) = sections(page)
    assert (part.text, part.code) == ("a b c d", "x < 1\ny")


def test_signs_follow_a_word_without_a_space():
    assert marked_text("one <p>, two</p> <p>. three</p> <p>; four</p> <p>: five</p> (six <p>)</p> -")[0] == (
        "one, two. three; four: five (six) -"
    )


def test_a_title_with_formulas_is_read():
    assert sections(f'<h2 id="a">The {FORMULA} of {FORMULA.replace("n", "m")}</h2>')[1].title == "The n of m"


def test_more_formulas_than_there_are_marks_are_left_out(monkeypatch):
    monkeypatch.setattr(splitting, "MOST_FORMULAS", 2)
    assert marked_text(f"a{FORMULA}b{FORMULA}c{FORMULA}d") == ("a\ue000b\ue001c d", (FORMULA, FORMULA))


N, M, K, SUM = "<mi>n</mi>", "<mi>m</mi>", "<mn>42</mn>", "<mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow>"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (f"<mfrac>{N}{K}</mfrac>", "n/42"),
        (f"<mfrac>{SUM}{SUM}</mfrac>", "(a + b)/(a + b)"),
        (f"<msqrt>{N}</msqrt>", "√n"),
        (f"<msqrt>{N}<mo>+</mo>{M}</msqrt>", "√(n + m)"),
        (f"<msub>{N}{SUM}</msub>", "n_(a + b)"),
        (f"<msub>{N}<msqrt>{M}</msqrt></msub>", "n_(√m)"),
        (f"<munder>{N}{M}</munder>", "n_m"),
        (f"<msup>{N}{K}</msup>", "n^42"),
        (f"<mover>{N}<mo>^</mo></mover>", "n^^"),
        (f"<msubsup>{N}{M}{K}</msubsup>", "n_m^42"),
        (f"<munderover>{N}{SUM}{SUM}</munderover>", "n_(a + b)^(a + b)"),
        (f"<mtable><mtr>{N}{M}</mtr><mtr>{K}</mtr></mtable>", "n, m;42;"),
        (f"{N}<mo>≤</mo>{M}", "n ≤ m"),
        (f"{N}<mo>,</mo>{M}<mo>;</mo>{K}", "n, m; 42"),
        (f"<mo>(</mo>{N}<mo>)</mo><mo> </mo><mo/>", "(n)"),
        (f"<mtext> if </mtext>{N}", "ifn"),
        ("<mi> n\n</mi>", "n"),
        ("<msub><mi></mi><mo>,</mo></msub>", "_,"),
    ],
)
def test_each_part_of_a_formula_is_read_as_people_type_it(written, said):
    assert formula_read(f'<math xmlns="http://www.w3.org/1998/Math/MathML">{written}</math>') == said
    assert formula_read(f"<math>{written}</math>") == said


def test_what_markup_separates_is_separate():
    assert marked_text("<p>a</p><p>b</p>") == ("a b", ())
    assert formula_read("<math><mi>not</mi><mi>closed") == "not closed"
