"""Passages are found again whatever happens to spaces and markup, and notes become Markdown that says the same."""

from lessons.rules.quoting import (
    NoteLine,
    as_markdown,
    bare_texts,
    is_quoted,
    note_paragraphs,
    notes_in_markdown,
    quotation,
)

PAGE = """<section data-section=""><h2 id="c-a">Axes &amp; shapes</h2><p>A <em>tensor</em> of
<math><mi>n</mi><mo>=</mo><mn>2</mn></math> axes.</p><figure data-code=""><pre><span>if <b>a</b> &lt; 2:</span>
<span>    b()</span></pre></figure><p>After it.</p></section>"""


def test_spaces_and_markup_do_not_count():
    bare = bare_texts(PAGE)
    assert bare == ("Axes&shapesAtensorofn=2axes.Afterit.", "ifa<2:b()")
    assert is_quoted(bare, "A tensor  of n=2\naxes.")
    assert is_quoted(bare, "shapes A tensor")
    assert not is_quoted(bare, "A tensor of n=3 axes")


def test_a_passage_is_in_the_text_or_in_one_listing():
    bare = bare_texts(PAGE)
    assert is_quoted(bare, "if a < 2:\n    b()")
    assert is_quoted(bare, "axes. After it.")
    assert not is_quoted(bare, "b() After it.")


def test_notes_become_headings_quotations_and_what_the_learner_wrote():
    notes = [
        NoteLine("", "2 * 3 is_it", "", is_found=True),
        NoteLine("Axes", "A tensor", "My *own* words.\n", is_found=True),
        NoteLine("Axes", "gone", "", is_found=False),
        NoteLine("Shapes", "", "", is_found=True),
    ]
    assert notes_in_markdown("Deep # learning", [("Tensors", notes)], gone="Not there.") == (
        "# Deep \\# learning\n\n## Tensors\n\n> 2 \\* 3 is\\_it\n\n### Axes\n\n> A tensor\n\nMy *own* words.\n\n"
        "> gone\n\n*Not there.*\n\n### Shapes\n"
    )


def test_a_passage_of_code_keeps_its_lines():
    notes = [NoteLine("", "if a:\n    b = '```'", "", is_found=True)]
    text = notes_in_markdown("Course", [("Lesson", notes)], gone="")
    assert text.endswith("\n\n> ``````\n> if a:\n>     b = '```'\n> ``````\n")


def test_a_passage_that_looks_like_a_list_stays_a_passage():
    (line,) = [NoteLine("", "1. First - then + more", "", is_found=True)]
    assert "> 1\\. First - then + more" in notes_in_markdown("Course", [("Lesson", [line])], gone="")


def test_signs_that_mean_something_in_markdown_are_escaped():
    assert as_markdown("\\ ` * _ [a] <b> # | ~ ! (c)") == "\\\\ \\` \\* \\_ \\[a\\] \\<b\\> \\# \\| \\~ ! (c)"
    assert as_markdown("- a\n  12) b\n+ c\n-d 1. e") == "\\- a\n  12\\) b\n\\+ c\n-d 1. e"


def test_a_passage_of_text_is_one_line_and_of_code_is_fenced_as_it_was():
    assert quotation("  two\t words\n") == "> two words"
    assert quotation("\n  a\n\n    b\n") == "> ```\n>   a\n>\n>     b\n> ```"
    assert quotation("``\n`") == "> `````\n> ``\n> `\n> `````"


def test_a_note_has_a_paragraph_for_its_passage_for_what_is_gone_and_for_its_text():
    assert note_paragraphs(NoteLine("s", "q", " t \n", is_found=False), "not there") == ["> q", "*not there*", "t"]
    assert note_paragraphs(NoteLine("s", "", "  ", is_found=True), "not there") == []


def test_each_lesson_and_section_has_one_heading():
    notes = [NoteLine("A_", "", "1", is_found=True), NoteLine("A_", "", "2", is_found=True)]
    assert notes_in_markdown("C", [("L*", notes), ("M", notes[:1]), ("N", [])], gone="") == (
        "# C\n\n## L\\*\n\n### A\\_\n\n1\n\n2\n\n## M\n\n### A\\_\n\n1\n\n## N\n"
    )
