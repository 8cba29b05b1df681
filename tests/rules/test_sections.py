"""A page is split at its headings into what people read, code and formulas."""

from course.rules.sections import formula_read, marked_text, sections, with_formulas_read

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
