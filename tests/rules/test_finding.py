"""The search reads a lesson's page as a reader would."""

from course.rules.finding import find, searchable_text, sections

PAGE = (
    '<section data-section=""><p>A tensor holds numbers.</p></section>'
    '<section data-section=""><h2 id="c-shape">The shape</h2>'
    "<p>Its <strong>rank</strong> is the number of axes. Its <strong>shape</strong> is "
    "<math><mi>n</mi></math> &amp; more.</p>"
    '<figure data-code="" id="c-l"><header><span data-name="">listing-one</span></header><pre><span>tf.matmul(a, b)</span>'
    "</pre></figure></section>"
    '<section data-section=""><h2 id="c-mistakes">Mistakes</h2>'
    '<div data-callout="mistake"><p>A <strong>mistake</strong> here.</p></div>'
    "<p><strong>Forgetting.</strong> It happens.</p></section>"
)


def test_a_page_is_cut_at_its_headings():
    assert [(each.anchor, each.title) for each in sections(PAGE)] == [
        ("", ""),
        ("c-shape", "The shape"),
        ("c-mistakes", "Mistakes"),
    ]


def test_plain_text_has_no_markup_formulas_or_listings():
    assert searchable_text(sections(PAGE)[1].html) == "Its rank is the number of axes. Its shape is & more."


def test_words_are_found_in_the_section_that_mentions_them():
    found = find(["axes"], "Tensors", PAGE)
    assert (found.anchor, found.section) == ("c-shape", "The shape")
    assert found.pieces == ("Its rank is the number of ", "axes", ". Its shape is & more.")


def test_case_does_not_matter_and_the_title_counts():
    assert find(["TENSORS", "Rank"], "Tensors", PAGE).section == "The shape"


def test_code_is_searched_too():
    assert find(["matmul"], "Tensors", PAGE).section == "The shape"


def test_every_word_has_to_be_there():
    assert find(["axes", "nowhere"], "Tensors", PAGE) is None


def test_a_title_weighs_more_than_the_text():
    titled, mentioned = find(["tensor"], "Tensor", PAGE), find(["tensor"], "Other", PAGE)
    assert titled.weight > mentioned.weight


def test_a_long_text_is_cut_around_the_word():
    page = f"<p>{'before ' * 60}needle {'after ' * 60}</p>"
    pieces = find(["needle"], "", page).pieces
    assert pieces[1] == "needle"
    assert pieces[0].startswith("… before")
    assert pieces[2].endswith("after …")
