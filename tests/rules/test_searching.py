"""What a search means by a word, a phrase and a typo, and what its excerpt shows."""

import pytest

from course.rules.sections import sections
from lessons.rules.searching import (
    LONGEST_WORD,
    KnownWord,
    SearchTerm,
    closest_word,
    excerpt,
    findable_lesson,
    known_words,
    misspelt,
    search_terms,
    with_words_replaced,
    words_in,
)

FORMULA = '<math display="block"><mi>n</mi></math>'


def shown(query, text="", code="", formulas=()):
    return [(piece.kind, piece.text) for piece in excerpt(search_terms(query), text, code, formulas).pieces]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("tf.GradientTape()", ["tf", "gradienttape"]),
        ("batch_size", ["batch", "size"]),
        ("Tensors, classes and axes", ["tensor", "class", "and", "ax"]),
        ("bias loss focus axis is", ["bias", "loss", "focus", "axis", "is"]),
        ("Ångström", ["angstrom"]),
        ("categories", ["category"]),
    ],
)
def test_words_are_compared_without_case_signs_accents_and_plural(written, words):
    assert words_in(written) == words


@pytest.mark.parametrize("word", ["Tensors", "CLASSES", "categories", "bias", "conv2d", "a" * 200])
def test_a_word_of_plain_letters_is_compared_like_the_same_word_in_wide_ones(word):
    """The first takes a shorter way than the second, whose letters have to be decomposed."""
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in word)
    assert wide.isascii() is False
    assert words_in(wide) == words_in(word)


def test_a_query_is_phrases_in_quotes_and_words():
    assert search_terms('"Loss Function" tf.matmul at "') == (
        SearchTerm(("loss", "function"), is_prefix=False),
        SearchTerm(("tf", "matmul"), is_prefix=True),
        SearchTerm(("at",), is_prefix=False),
    )
    assert search_terms(' .  "" ') == ()


def test_an_excerpt_marks_the_words_and_keeps_formulas():
    assert shown("axes", "The rank counts the axes \ue000 of it.", formulas=[FORMULA]) == [
        ("text", "The rank counts the "),
        ("found", "axes"),
        ("text", " "),
        ("formula", "<math><mi>n</mi></math>"),
        ("text", " of it."),
    ]


def test_a_word_that_is_only_in_the_code_shows_its_line():
    found = excerpt(search_terms("plt.scatter"), "A figure.", "import numpy\n    plt.scatter(x, y)\n", ())
    assert (found.is_code, found.plain) == (True, "plt.scatter(x, y)")
    assert [piece.text for piece in found.pieces] == ["plt.scatter", "(x, y)"]


def test_a_long_text_is_cut_where_most_words_are():
    text = f"needle {'before ' * 60}needle and thread {'after ' * 60}"
    cut = "".join(text for _, text in shown("needle thread", text))
    assert cut.startswith("… before")
    assert "needle and thread" in cut
    assert cut.endswith("after …")


def test_a_text_without_spaces_is_shown_too():
    assert shown("xyz", "x" * 400)[0][1].startswith("x" * 90)


def test_a_typo_becomes_the_closest_word_as_it_is_written():
    known = known_words(
        findable_lesson(
            subject="l",
            module_id="m",
            title="Gradients",
            is_open=True,
            parts=sections("<p>The gradient and a GradientTape; a gradient.</p>"),
        )
    )
    assert KnownWord("gradient", "gradient", 3) in known
    assert misspelt("gradeint grad tape", [word.word for word in known]) == ["gradeint", "tape"]
    assert [closest_word(word, known) for word in ("gradeint", "GradeintTape", "zebra")] == [
        "gradient",
        "GradientTape",
        None,
    ]
    assert with_words_replaced('"the gradeint" tf.gradeint', {"gradeint": "gradient"}) == '"the gradient" tf.gradient'


def test_of_two_words_that_are_as_close_the_commoner_one_is_meant():
    known = [KnownWord("model", "model", 9), KnownWord("modal", "modal", 1)]
    assert closest_word("modol", known) == "model"


def test_a_folded_word_is_never_longer_than_a_database_takes():
    """U+FDFA is one sign, and 18 letters and spaces when it is folded."""
    assert [len(word) for word in words_in("\ufdfa" * 100)] == [LONGEST_WORD]


def test_a_word_is_compared_with_one_word_of_the_vocabulary_however_large_it_is():
    class Counting(str):
        compared = 0

        def startswith(self, *start):
            Counting.compared += 1
            return super().startswith(*start)

    vocabulary = [Counting(f"word{number}") for number in range(1000)]
    assert misspelt("word999 nothing word", vocabulary) == ["nothing"]
    assert Counting.compared <= 3
