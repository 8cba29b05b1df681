"""The glossary of the shipped course explains words only where they have its meaning."""

import pytest

from lessons.rules.glossary import PATH, linked_terms, marked_terms, read_terms
from tests.content.shipped import FOLDER, shipped

TERMS = read_terms((FOLDER / PATH).read_bytes())


def lessons():
    return [lesson for module in shipped().course.modules for lesson in module.lessons]


def explained_in(key):
    keys = [lesson.key for lesson in lessons()]
    at = keys.index(key)
    return linked_terms(TERMS, lessons()[at].html, set(keys[: at + 1]))


@pytest.mark.parametrize(
    ("lesson", "term"),
    [
        ("what-it-teaches", "code"),  # the code that computes it
        ("what-it-teaches", "variable"),  # you can read simple Python: variables
        ("grading-scheme", "state"),  # each section states one rule
        ("grading-scheme", "weight"),  # every module has the same weight
        ("seeing-networks", "code"),  # zip code
        ("seeing-networks", "window"),  # of an image, not of a sequence
        ("tensorflow-at-home", "window"),  # for Windows
        ("activations", "shape"),  # the shape of a function
        ("activations", "temperature"),  # in degrees Celsius
        ("multilayer-perceptron", "hidden unit"),  # of a perceptron, not of an RBM
        ("recurrent-cell", "memory"),  # of the computer
        ("recurrent-cell", "kernel"),  # of Keras: all weights of a cell
        ("film-recommendation", "rank"),  # to rank each item
        ("convolutional-autoencoders", "class"),  # of Python
        ("how-the-certificate-is-earned", "code"),  # on the certificate
    ],
)
def test_a_word_with_another_meaning_is_not_explained(lesson, term):
    assert term not in explained_in(lesson)


@pytest.mark.parametrize(
    ("lesson", "term"),
    [
        ("what-it-teaches", "session"),
        ("welcome", "variable"),
        ("mnist", "class"),
        ("convolution-in-code", "kernel"),
        ("recurrent-cell", "window"),
        ("language-models", "state"),
        ("language-models", "temperature"),
        ("rbms-and-autoencoders", "code"),
        ("course-summary", "kernel"),
    ],
)
def test_a_word_with_the_meaning_of_the_glossary_is_explained(lesson, term):
    assert term in explained_in(lesson)


def test_every_marked_word_is_a_term():
    marked = {term for lesson in lessons() for term in marked_terms(lesson.html)}
    assert marked
    assert marked <= {row.term for row in TERMS}


def test_no_term_waits_until_after_the_lesson_that_teaches_it():
    order = {lesson.key: position for position, lesson in enumerate(lessons())}
    assert [row.term for row in TERMS if row.links_from and order[row.links_from] > order[row.lesson]] == []
