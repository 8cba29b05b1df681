"""A lesson marks terms of the course's glossary, in the whole folder and in the preview of one text."""

import pytest

from authoring.folder import read_single
from tests.authoring.folder.nasty import ADDRESSES, edited, read

PATH = "01-first/20-plain.md"
TERMS = b"terms:\n- {term: page, lesson: plain, text: What you read.}\n"


@pytest.fixture
def files():
    return {**edited(PATH, "A plain page", "Plain [pages](term:)"), "glossary.yaml": TERMS}


def test_the_course_has_the_marked_term(files):
    course = read(files)
    assert course.mistakes == ()
    lessons = [lesson for module in course.course.modules for lesson in module.lessons]
    (plain,) = [lesson for lesson in lessons if lesson.key == "plain"]
    assert 'Plain <span data-term="page">pages</span>, back to' in plain.html


def test_the_preview_of_the_lesson_has_it_too(files):
    single = read_single(files, ADDRESSES, PATH)
    assert single.mistakes == ()
    assert '<span data-term="page">pages</span>' in single.lesson.html


def test_the_preview_of_the_lesson_names_a_word_that_is_no_term(files):
    single = read_single({**files, "glossary.yaml": TERMS.replace(b"page", b"leaf")}, ADDRESSES, PATH)
    assert [str(mistake) for mistake in single.mistakes] == [f"{PATH}:8: “pages” is not a term of glossary.yaml."]


def test_the_preview_of_the_glossary_names_its_own_mistakes(files):
    broken = {**files, "glossary.yaml": TERMS.replace(b"text:", b"links_from: nowhere, text:")}
    single = read_single(broken, ADDRESSES, "glossary.yaml")
    assert [str(mistake) for mistake in single.mistakes] == ["glossary.yaml:2: “nowhere” is not a lesson."]
