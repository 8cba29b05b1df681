"""The database finds words, phrases and code in what is published, and only there."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from course.models import Course, CourseFile, Lesson, Module
from lessons.models import SearchEntry, SearchWord
from lessons.selectors import search_content
from lessons.services import publish_search
from tests import factories as make
from tests.labs.making import make_lab
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
HTML = (
    '<h2 id="c-tape">The tape</h2><p>The tape records the loss. Then ask for the gradient of each weight.</p>'
    '<figure data-code=""><pre>with tf.GradientTape() as tape:\n    plt.scatter(x, y)</pre></figure>'
)


@pytest.fixture
def course():
    course = make.make_course()
    module = make.make_module(course=course)
    make.make_lesson(module=module, title="Derivatives", html=HTML)
    make.make_lesson(
        module=module, title="Others", html="<p>A tape measures. The gradient tf of a tape.</p>", is_open=True
    )
    make.publish_search_of(course)
    return course


def found(query, *, is_reader=True, now=make.NOW):
    results = search_content(query, is_reader=is_reader, now=make.NOW).results
    return [(result.entry.title, result.entry.section) for result in results]


TAPE, OTHERS = ("Derivatives", "The tape"), ("Others", "")


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("tf.GradientTape", [TAPE]),
        ("tf.gradienttape()", [TAPE]),
        ("plt.scatter", [TAPE]),
        ("tf.Grad", [TAPE]),
        ('"tape measure"', [OTHERS]),
        ('"measures tape"', []),
        ("gradients tape", [TAPE, OTHERS]),
        ("derivative", [TAPE]),
        ("weight measures", []),
        ("gradients' \"tape", [TAPE, OTHERS]),
        ("tape AND NOT NEAR( * ^ :", []),
        ("& | ! <-> :* ' \\ %s %(a)s", []),
    ],
)
def test_a_search_finds_words_phrases_and_code(course, query, places):
    assert sorted(found(query)) == sorted(places)


def test_a_word_in_the_heading_counts_more(course):
    assert found("tape") == [TAPE, OTHERS]


def test_a_visitor_finds_only_what_is_open(course):
    assert found("tape", is_reader=False) == [OTHERS]
    assert found("derivative", is_reader=False) == []


def test_what_has_not_opened_is_not_found(course):
    later = make.NOW + timedelta(seconds=1)
    Module.objects.update(opens_at=later)
    assert found("tape") == []
    Module.objects.update(opens_at=make.NOW)
    assert found("tape") == [TAPE, OTHERS]
    Course.objects.update(opens_at=later)
    assert found("tape") == [OTHERS]  # the open lesson
    assert found("derivative") == []
    assert search_content("derivatve", is_reader=True, now=make.NOW).corrected == ""


def test_a_lab_is_found_once_the_course_has_opened(course):
    make_lab(course=course, title="Doubling")
    make.publish_search_of(course)
    assert ("Doubling", "") in found("doubling")
    Course.objects.update(opens_at=make.NOW + timedelta(seconds=1))
    assert found("doubling") == []


def test_the_index_follows_the_content(course):
    Lesson.objects.filter(title="Others").update(html="<p>Something new.</p>")
    assert found("measures") == [OTHERS]
    make.publish_search_of(course)
    assert (found("measures"), found("something")) == ([], [OTHERS])


def test_what_is_retired_is_not_found(course):
    Lesson.objects.filter(title="Others").update(is_retired=True)
    make.publish_search_of(course)
    assert found("measures") == []


def test_a_publication_that_is_rolled_back_leaves_the_index_as_it_was(course):
    with transaction.atomic():
        Lesson.objects.filter(title="Others").update(html="<p>Something new.</p>")
        make.publish_search_of(course)
        assert found("something") == [OTHERS]
        transaction.set_rollback(True)
    assert (found("measures"), found("something")) == ([OTHERS], [])


def test_publishing_the_same_again_writes_nothing(course):
    before = set(SearchEntry.objects.values_list("pk", flat=True))
    assert publish_search(course_id=course.pk, labs=[]) is False
    assert set(SearchEntry.objects.values_list("pk", flat=True)) == before


def test_other_courses_keep_their_index(course):
    other = make.make_course()
    make.make_lesson(module=make.make_module(course=other), title="Elsewhere", html="<p>Another tape.</p>")
    make.publish_search_of(other)
    assert ("Elsewhere", "") in found("tape")
    assert OTHERS in found("tape")
    SearchEntry.objects.filter(course=other).delete()
    assert ("Elsewhere", "") not in found("tape")


def test_a_term_of_the_glossary_comes_first_and_leads_to_its_lesson(course):
    lesson = Lesson.objects.get(title="Derivatives")
    content = f"terms:\n  - {{term: tape, lesson: {lesson.key}, text: It records.}}\n".encode()
    CourseFile.objects.create(course=course, path="glossary.yaml", content=content, digest="d")
    make.publish_search_of(course)
    first = search_content("tape", is_reader=True, now=make.NOW).results[0].entry
    assert (first.kind, first.title, first.subject, first.anchor) == ("term", "tape", lesson.pk, "c-tape")


def test_a_typo_finds_what_was_meant(course):
    results = search_content("gradeint weigth", is_reader=True, now=make.NOW)
    assert (results.corrected, found("gradeint weigth")) == ("gradient weight", [TAPE])
    assert search_content("zzzzzz", is_reader=True, now=make.NOW).corrected == ""


def test_the_words_of_visitors_are_those_of_open_content(course):
    words = dict(SearchWord.objects.filter(word__in=["record", "measure"]).values_list("word", "is_open"))
    assert words == {"record": False, "measure": True}


@pytest.mark.parametrize(("query", "most"), [("tape", 1), ("tpae", 3)])
def test_a_search_runs_few_statements(course, query, most):
    with counted_statements() as statements:
        assert found(query)
    assert len(statements) == most


def test_the_database_itself_keeps_the_index_in_step(course):
    SearchEntry.objects.filter(title="Others").update(body="entirely different", heading="others")
    assert found("different") == [OTHERS]
    SearchEntry.objects.filter(title="Others").delete()
    assert found("different") == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO course_searchentry_index(course_searchentry_index) VALUES ('integrity-check')")


def test_a_sign_that_stands_for_many_letters_finds_nothing_and_breaks_nothing(course):
    """U+FDFA is 18 letters when it is folded, and PostgreSQL refuses a word of 3,000 bytes."""
    assert found("\ufdfa" * 100) == []


def test_the_index_is_written_again_when_words_are_folded_in_another_way(course):
    assert not publish_search(course_id=course.pk, labs=[])
    SearchEntry.objects.filter(title="Derivatives").update(body="folded as an earlier version did")
    assert found("weight") == []
    assert publish_search(course_id=course.pk, labs=[])
    assert found("weight") == [TAPE]
