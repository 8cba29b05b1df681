"""The command palette lists what a reader may open, and nothing else."""

import json
import re
from datetime import timedelta

import pytest

from course.models import CourseFile, Module
from tests import factories as make
from tests.labs.making import make_lab
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db

HTML = '<section data-section=""><h2 id="c-axes">Axes</h2><p>The rank counts the axes of a tensor.</p></section>'


@pytest.fixture
def course():
    course = make.make_course()
    module = make.make_module(course=course, folder="01-part", title="Part")
    closed = make.make_lesson(module=module, title="Tensors", html=HTML)
    make.make_lesson(module=module, title="Welcome", html=HTML, is_open=True)
    make_lab(course=course, title="Drawing")
    make.make_review(course=course, module=module)
    glossary = f"terms:\n  - {{term: rank, lesson: {closed.key}, text: The number of axes.}}\n".encode()
    CourseFile.objects.create(course=course, path="glossary.yaml", content=glossary, digest="d")
    make.publish_search_of(course)
    return course


@pytest.fixture
def reader(client):
    client.force_login(make.make_user(username="reader"))
    return client


def palette(browser, course, **headers):
    return browser.get("/search/palette/", {"course": course.slug}, headers=headers)


def lines(answer):
    content = re.search(r'<script id="palette-lines"[^>]*>(.*?)</script>', answer.content.decode(), re.DOTALL)[1]
    return [(kind, title) for kind, title, _detail, _url in json.loads(content)]


def test_a_reader_finds_pages_sections_and_terms(reader, course):
    listed = lines(palette(reader, course))
    pages = [(kind, title) for kind, title in listed if kind in {"lesson", "lab", "review"}]
    assert [kind for kind, _title in pages] == ["lesson", "lesson", "review", "lab"]
    assert ("lesson", "1.1 Tensors") in pages
    assert ("section", "Axes") in listed
    assert ("term", "rank") in listed


def test_a_page_names_its_module_with_the_number(reader, course):
    content = palette(reader, course).content.decode()
    assert '["lesson", "1.1 Tensors", "Module 1: Part", ' in content


def test_a_visitor_finds_only_what_needs_no_account(client, course):
    answer = palette(client, course)
    listed = lines(answer)
    assert ("lesson", "1.2 Welcome") in listed
    assert "Tensors" not in answer.content.decode()
    assert ("term", "rank") not in listed
    assert {kind for kind, _title in listed} <= {"lesson", "lab", "section", "step"}
    assert "Sign out" not in answer.content.decode()


def test_what_has_not_opened_is_not_listed(reader, course):
    later = make.make_module(course=course, folder="02-part", title="Later", opens_at=make.NOW + timedelta(days=9000))
    lesson = make.make_lesson(module=later, title="Secret tomorrow", html=HTML)
    lab = make_lab(course=course, title="Secret drawing")
    Module.objects.filter(pk=lab.module_id).update(opens_at=later.opens_at)
    make.make_review(course=course, module=later)
    glossary = f"terms:\n  - {{term: enigma, lesson: {lesson.key}, text: Not yet.}}\n".encode()
    CourseFile.objects.update(content=glossary)
    make.publish_search_of(course)
    page = palette(reader, course).content.decode()
    assert [word for word in ("Secret", "enigma", "Later") if word in page] == []
    assert [kind for kind, _title in lines(palette(reader, course))].count("review") == 1


def test_a_removed_lesson_is_not_listed(reader, course):
    course.modules.get(title="Part").lessons.filter(title="Tensors").update(is_retired=True)
    make.publish_search_of(course)
    assert "Tensors" not in palette(reader, course).content.decode()


def test_a_course_that_a_person_may_not_see_does_not_exist(reader, client, course):
    type(course).objects.filter(pk=course.pk).update(visibility="hidden")
    assert palette(reader, course).status_code == 404
    assert course.title not in reader.get("/search/palette/").content.decode()


def test_without_a_course_there_are_the_courses_and_the_actions(reader, course):
    answer = reader.get("/search/palette/")
    assert lines(answer) == []
    page = answer.content.decode()
    assert f'<a href="/courses/{course.slug}/" data-kind="course">{course.title}</a>' in page
    assert "Sign out" in page


def test_an_unchanged_palette_is_not_sent_again(reader, course):
    answer = palette(reader, course)
    assert answer["Cache-Control"] == "private, no-cache"
    again = palette(reader, course, if_none_match=answer["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    make.make_lesson(module=course.modules.get(title="Part"), title="New", html=HTML)
    make.publish_search_of(course)
    assert palette(reader, course, if_none_match=answer["ETag"]).status_code == 200


def test_the_next_person_at_the_browser_gets_another_palette(reader, course):
    first = palette(reader, course)["ETag"]
    reader.force_login(make.make_user(username="next"))
    assert palette(reader, course, if_none_match=first).status_code == 200


def test_no_question_and_no_note_is_in_it(reader, course):
    make.make_exam(course=course)
    page = palette(reader, course).content.decode()
    assert "secret" not in page
    assert "reason" not in page


def test_a_longer_course_takes_no_more_statements(reader, course):
    with counted_statements() as before:
        palette(reader, course)
    for number in range(5):
        make.make_lesson(module=course.modules.get(title="Part"), title=f"More {number}", html=HTML)
    make.publish_search_of(course)
    with counted_statements() as after:
        answer = palette(reader, course)
    assert "More 4" in answer.content.decode()
    assert len(after) == len(before)
