"""Search and glossary: over the lessons that a reader may read."""

import json
import re
from datetime import timedelta

import pytest
import time_machine

from course.models import CourseFile
from tests import factories as make
from tests.labs.making import make_lab
from tests.portal.pages.test_home import text
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db

HTML = '<section data-section=""><h2 id="c-axes">Axes</h2><p>The <strong>rank</strong> counts the axes of a tensor.</p></section>'


@pytest.fixture
def module():
    return make.make_module(course=make.make_course(), folder="01-part")


@pytest.fixture
def reader(client):
    client.force_login(make.make_user())
    return client


def titles(response):
    return [place.result.entry.title for place in response.context["places"]]


def search(browser, module, query):
    make.publish_search_of(module.course)
    return browser.get("/search/", {"q": query})


def test_search_finds_the_section_that_mentions_all_words(reader, module):
    lesson = make.make_lesson(module=module, title="Tensors", html=HTML)
    make.make_lesson(module=module, title="Others", html="<p>The axes of evil.</p>")
    response = search(reader, module, "rank axes")
    assert titles(response) == ["Tensors"]
    assert f'href="/lessons/{lesson.pk}/#c-axes"' in text(response)
    assert "<mark>rank</mark>" in text(response)


def test_words_are_text_never_markup(reader, module):
    make.make_lesson(module=module, title="Compare", html="<p>It holds where a &lt; b.</p>")
    response = search(reader, module, "holds where")
    assert "where</mark> a &lt; b." in text(response)
    assert "<script>" not in text(reader.get("/search/", {"q": "<script>"}))


def test_an_excerpt_shows_formulas_as_formulas(reader, module):
    make.make_lesson(module=module, html="<p>The loss is <math><mi>L</mi></math> here.</p>")
    assert "<mark>loss</mark> is <math><mi>L</mi></math> here." in text(search(reader, module, "loss"))


def test_an_empty_search_result_suggests_what_to_try(reader):
    assert "Try fewer words" in text(reader.get("/search/", {"q": "nowhere"}))


def test_a_typo_is_corrected_and_the_page_says_so(reader, module):
    make.make_lesson(module=module, title="Tensors", html=HTML)
    response = search(reader, module, "tensro")
    assert titles(response) == ["Tensors"]
    assert "Nothing matches “tensro”. These are the results for “Tensors”." in text(response)


def test_a_stranger_searches_what_is_open_to_them(client, module):
    make.make_lesson(module=module, title="Closed", html=HTML)
    make.make_lesson(module=module, title="Open", html=HTML, is_open=True)
    assert titles(search(client, module, "rank")) == ["Open"]


def test_a_stranger_gets_no_word_of_a_closed_lesson_suggested(client, reader, module):
    make.make_lesson(module=module, html="<p>The backpropagation.</p>")
    make.publish_search_of(module.course)
    client.logout()
    page = text(client.get("/search/", {"q": "backpropagaton"}))
    assert "backpropagation" not in page
    assert "Nothing matches" in page


def test_a_lab_is_found_at_its_step_without_its_solution_and_tests(client, module):
    lab = make_lab(
        course=module.course,
        title="Lines",
        cells=[
            {"id": "1", "type": "markdown", "source": "", "html": "<p><strong>1. Draw.</strong> Plot it.</p>"},
            {"id": "2", "type": "code", "source": "plt.scatter(x, y)"},
        ],
        solution="secret_solution = 1",
        probes="secret_probe = 1",
    )
    response = search(client, module, "plt.scatter")
    assert f'href="/labs/{lab.pk}/#cell-1">Lines: 1. Draw</a>' in text(response)
    assert 'id="cell-1"' in text(client.get(f"/labs/{lab.pk}/"))
    for secret in ("secret_solution", "secret_probe"):
        assert titles(client.get("/search/", {"q": secret})) == []


def test_questions_and_keys_are_never_found(reader, module):
    make.make_exam(course=module.course)
    make.make_review(course=module.course, module=module)
    make.make_lesson(module=module, html=HTML)
    assert titles(search(reader, module, "reason")) == []
    assert titles(reader.get("/search/", {"q": "secret"})) == []


def add_glossary(module, lesson, links_from=""):
    own = f"links_from: {links_from}, " if links_from else ""
    content = f"terms:\n  - {{term: rank, lesson: {lesson.key}, {own}text: The number of axes.}}\n".encode()
    CourseFile.objects.create(course=module.course, path="glossary.yaml", content=content, digest="d")


def test_the_glossary_leads_to_where_a_term_is_introduced(reader, module):
    lesson = make.make_lesson(module=module, title="Tensors", html=HTML)
    add_glossary(module, lesson)
    page = text(reader.get("/glossary/"))
    assert "<dt>rank</dt> <dd> The number of axes." in page
    assert f'href="/lessons/{lesson.pk}/#c-axes">{module.title}: Tensors</a>' in page
    assert '<a href="#R">R</a>' in page


def test_a_course_without_a_glossary_shows_a_note(reader, module):
    make.make_lesson(module=module, html=HTML)
    assert "This course has no glossary." in text(reader.get("/glossary/"))


def test_the_glossary_shows_visitors_nothing_of_closed_lessons(client, module):
    add_glossary(module, make.make_lesson(module=module, html=HTML))
    assert "Sign in to see the glossary of the whole course." in text(client.get("/glossary/"))


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(("address", "expected"), [("/search/?q=rank", 4), ("/glossary/", 5)])
def test_statements_do_not_grow(reader, module, size, address, expected):
    for _ in range(size):
        lesson = make.make_lesson(module=module, html=HTML)
    add_glossary(module, lesson)
    make.publish_search_of(module.course)
    with counted_statements() as statements:
        reader.get(address)
    assert len(statements) == expected


def test_a_term_links_by_itself_from_the_lesson_that_the_glossary_names(reader, module):
    before = make.make_lesson(module=module, html="<p>A rank.</p>")
    first = make.make_lesson(module=module, html="<p>A rank.</p>")
    teaching = make.make_lesson(module=make.make_module(course=module.course), html=HTML)
    without = make.make_lesson(module=teaching.module, html="<p>Nothing.</p>")
    add_glossary(module, teaching, links_from=first.key)
    assert terms_on(reader, before) == []
    assert [terms_on(reader, lesson) for lesson in (first, teaching, without)] == [["rank"], ["rank"], []]


def test_a_term_that_does_not_link_by_itself_links_where_it_is_marked(reader, module):
    teaching = make.make_lesson(module=module, html=HTML)
    marked = make.make_lesson(module=module, html='<p>Its <span data-term="rank">ranks</span>.</p>')
    unknown = make.make_lesson(module=module, html='<p>Its <span data-term="mean">means</span>.</p>')
    add_glossary(module, teaching)
    assert [terms_on(reader, lesson) for lesson in (teaching, marked, unknown)] == [[], ["rank"], []]


def test_a_term_waits_for_the_opening_of_the_lesson_that_teaches_it(reader, module):
    opens = make.NOW + timedelta(days=1)
    later = make.make_module(course=module.course, folder="09-later", opens_at=opens)
    using = make.make_lesson(module=module, html="<p>A tensor of rank 2.</p>")
    add_glossary(module, make.make_lesson(module=later, html=HTML), links_from=using.key)
    seen = []
    for now in (opens - timedelta(microseconds=1), opens):
        with time_machine.travel(now, tick=False):
            listed = "The number of axes." in text(reader.get("/glossary/"))
            seen.append((listed, terms_on(reader, using), definition(reader, using).status_code))
    assert seen == [(False, [], 404), (True, ["rank"], 200)]


def test_an_open_lesson_tells_visitors_no_term_of_a_closed_one(client, module):
    opened = make.make_lesson(module=module, html="<p>A rank.</p>", is_open=True)
    add_glossary(module, make.make_lesson(module=module, html=HTML), links_from=opened.key)
    assert terms_on(client, opened) == []
    assert definition(client, opened).status_code == 404


def test_the_definition_of_a_term_is_a_small_answer(reader, module):
    teaching = make.make_lesson(module=module, title="Tensors", html=HTML)
    using = make.make_lesson(module=module, html="<p>A rank.</p>")
    add_glossary(module, teaching, links_from=using.key)
    terms_on(reader, using)
    with counted_statements() as statements:
        answer = definition(reader, using)
    link = f'<a class="small-text" href="/lessons/{teaching.pk}/#c-axes">{module.title}: Tensors</a>'
    assert text(answer) == f"The number of axes. {link}"
    assert len(statements) <= 5


@pytest.mark.parametrize("words", ["", "Rank", "ranks", "rank\0"])
def test_only_a_term_of_the_glossary_has_a_definition(reader, module, words):
    lesson = make.make_lesson(module=module, html=HTML)
    add_glossary(module, lesson)
    assert definition(reader, lesson, words).status_code == 404


def test_a_definition_is_that_of_the_lessons_own_course(reader, module):
    elsewhere = make.make_module(course=make.make_course(), folder="01-part")
    other = make.make_lesson(module=elsewhere, html=HTML)
    add_glossary(module, make.make_lesson(module=module, html=HTML))
    assert definition(reader, other).status_code == 404


def test_strangers_find_no_definition_in_a_hidden_course(reader, module):
    lesson = make.make_lesson(module=module, html=HTML)
    add_glossary(module, lesson)
    type(module.course).objects.filter(pk=module.course_id).update(visibility="hidden")
    assert definition(reader, lesson).status_code == 404


def definition(browser, lesson, term="rank"):
    return browser.get(f"/lessons/{lesson.pk}/terms/", {"term": term})


def terms_on(browser, lesson):
    page = browser.get(f"/lessons/{lesson.pk}/").content.decode()
    return json.loads(re.search(r'<script id="terms" type="application/json">(.*?)</script>', page)[1])
