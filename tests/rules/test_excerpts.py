"""What a search shows of a text: where an excerpt begins and ends, and what it marks."""

import pytest

from course.rules.sections import sections
from lessons.rules.searching import (
    Findable,
    KnownWord,
    SearchTerm,
    closest_word,
    excerpt,
    findable_lesson,
    known_words,
    matches_in,
    misspelt,
    search_terms,
    singular,
    with_words_replaced,
    words_in,
)

TEXT = " ".join(f"word{number:05}" for number in range(100))  # ten characters for each word


def shown(query, text, formulas=()):
    return [(piece.kind, piece.text) for piece in excerpt(search_terms(query), text, "", formulas).pieces]


@pytest.mark.parametrize(
    ("word", "start", "stop"),
    [
        (50, 420, 689),
        (0, 0, 269),
        (9, 0, 269),
        (10, 20, 289),
        (72, 640, 909),
        (73, 650, 919),
        (82, 740, 999),
        (99, 910, 999),
    ],
)
def test_an_excerpt_begins_with_a_word_about_90_characters_before_the_match_and_is_270_long(word, start, stop):
    pieces = shown(f"word{word:05}", TEXT)
    assert [text for kind, text in pieces if kind == "found"] == [f"word{word:05}"]
    cut = "".join(text for _, text in pieces)
    assert cut == ("… " if start else "") + TEXT[start:stop] + (" …" if stop < len(TEXT) else "")


def test_a_text_of_270_characters_is_shown_whole_and_a_longer_one_is_cut_between_words():
    whole = "needle " + "x" * 100 + " " + "y" * 162
    assert len(whole) == 270
    assert "".join(text for _, text in shown("needle", whole)) == whole
    assert "".join(text for _, text in shown("needle", f"{whole}y")) == f"needle {'x' * 100} …"
    assert "".join(text for _, text in shown("needle", "needle " + "x" * 300)) == f"needle {'x' * 83} …"


def test_of_all_places_the_first_with_the_most_different_words_within_180_characters_is_shown():
    gap = " - " * 100
    near, far = (f"one{' ' * spaces}two" for spaces in (174, 175))
    assert (len(near), len(far)) == (180, 181)
    assert shown("one two", f"two{gap}{near}")[1] == ("found", "one")
    assert shown("one two", f"two{gap}{far}")[0] == ("found", "two")
    assert shown("one two", f"two{gap}one one{gap}")[0] == ("found", "two")


def test_a_line_of_code_is_shown_if_it_has_more_of_the_words_than_the_text():
    terms = search_terms("tf matmul")
    code = "import tf\n\n  tf.matmul(a)  \ntf.matmul(b)\n"
    found = excerpt(terms, "tf", code, ())
    assert (found.is_code, [(each.kind, each.text) for each in found.pieces]) == (
        True,
        [("found", "tf"), ("text", "."), ("found", "matmul"), ("text", "(a)")],
    )
    assert excerpt(terms, "tf matmul", code, ()).is_code is False
    assert excerpt(terms, "", "", ()).pieces == ()


def test_formulas_are_pieces_and_a_mark_without_a_formula_is_empty():
    assert shown("n", "a \ue000 n \ue001\ue002", ["<math>1</math>", '<math display="block">2</math>']) == [
        ("text", "a "),
        ("formula", "<math>1</math>"),
        ("text", " "),
        ("found", "n"),
        ("text", " "),
        ("formula", "<math>2</math>"),
        ("formula", ""),
    ]
    assert excerpt((), "a \ue000", "", ["<math><mi>n</mi></math>"]).plain == "a n"


def test_matches_are_found_from_left_to_right_and_do_not_overlap():
    pair, word, start = (SearchTerm(("a", "b"), False), SearchTerm(("b",), False), SearchTerm(("a", "be"), True))
    assert matches_in([pair, word], "a b b a, B") == [(0, 3, pair), (4, 5, word), (6, 10, pair)]
    assert matches_in([word, pair], "a b") == [(0, 3, pair)]
    assert matches_in([start], "a beta a bet a b be") == [(0, 6, start), (7, 12, start)]
    assert matches_in([pair], "a") == matches_in([pair], "x b") == matches_in([word], "be") == []


def test_a_query_has_at_most_a_hundred_characters_and_eight_terms_each_once():
    assert search_terms(f"{'a' * 99} bcd") == (SearchTerm(("a" * 99,), True),)
    assert [term.words[0] for term in search_terms("a b c d e f g h i a")] == list("abcdefgh")
    assert search_terms("bc bcd bc") == (SearchTerm(("bc",), False), SearchTerm(("bcd",), True))
    assert search_terms('a"b c"d') == (
        SearchTerm(("b", "c"), False),
        SearchTerm(("a",), False),
        SearchTerm(("d",), False),
    )
    assert search_terms("“a b” c") == (SearchTerm(("a", "b"), False), SearchTerm(("c",), False))


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("cats", "cat"),
        ("gas", "gas"),
        ("bus", "bus"),
        ("axes", "ax"),
        ("boxes", "box"),
        ("batches", "batch"),
        ("meshes", "mesh"),
        ("quizzes", "quizz"),
        ("losses", "loss"),
        ("layers", "layer"),
        ("alias", "alias"),
        ("ties", "ty"),
        ("its", "its"),
        ("tree", "tree"),
    ],
)
def test_a_word_is_compared_without_its_plural(word, plain):
    assert words_in(word) == [plain]
    assert singular(word) == plain


def place(title="T", section="", text="", code=""):
    return Findable("lesson", "s", "m", title, section, "", text, code, ("<math><mi>x</mi></math>",), True)


def test_what_is_indexed_of_a_place():
    found = place("A title", "The Sections", "Rank \ue000 is", "tf.matmul")
    assert (found.heading_words, found.body_words) == ("a title the section", "rank x is tf matmul")


def test_a_section_is_found_if_it_has_a_title_a_text_or_code():
    page = 'Before<h2 id="a">Title</h2><h2 id="b"> </h2><pre>code</pre><h2 id="c"> </h2>'
    found = findable_lesson(subject="s", module_id="m", title="T", is_open=False, parts=sections(page))
    assert found == [
        Findable("lesson", "s", "m", "T", "", "", "Before", "", (), False),
        Findable("lesson", "s", "m", "T", "Title", "a", "", "", (), False),
        Findable("lesson", "s", "m", "T", "", "b", "", "code", (), False),
    ]


def test_the_vocabulary_has_words_of_four_letters_as_they_are_written_most_often():
    found = known_words([place("Tensors", "tensor", "Tensor 1234 tiny"), place("tensor", code="TINY abc")])
    assert found == [KnownWord("tensor", "tensor", 4), KnownWord("tiny", "TINY", 2)]


def test_words_of_a_query_that_begin_no_known_word_are_misspelt_each_once():
    assert misspelt("tens tensorx abc grap tensorx zulu", ["tensor", "graph"]) == ["tensorx", "zulu"]
    assert misspelt(f"{'a' * 98} bcdef", ["x"]) == ["a" * 98]
    assert misspelt("anything", []) == ["anything"]


def test_of_equally_close_words_the_commonest_is_meant_and_a_distant_one_never():
    known = [KnownWord("tensor", "tensor", 1), KnownWord("tensot", "Tensot", 5), KnownWord("tensox", "tensox", 5)]
    assert closest_word("tensoz", known) == "tensox"
    assert closest_word("tensor", known) == "tensor"
    assert closest_word("abcd", [KnownWord("abxy", "abxy", 9)]) is None
    assert closest_word("abcd", []) is None


def test_a_corrected_query_is_as_long_as_a_query_may_be():
    assert with_words_replaced("a b" + "c" * 200, {"a": "x"}) == "x b" + "c" * 97
