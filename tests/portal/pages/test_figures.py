"""A lesson's page brings the panel of each kind of interactive figure once, and nothing if it has none."""

import re

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db
FIGURE = (
    '<figure data-figure="" id="c-a" data-interactive="{}" data-values="{{}}"><svg viewBox="0 0 1 1"></svg></figure>'
)


def page_with(client, html: str) -> str:
    course = make.make_course()
    lesson = make.make_lesson(module=make.make_module(course=course, title="About"), html=html, is_open=True)
    return client.get(f"/lessons/{lesson.pk}/").content.decode()


def test_each_kind_has_one_panel_with_its_style_sheet(client):
    page = page_with(client, "".join(FIGURE.format(kind) for kind in ("gibbs", "convolution", "gibbs")))
    assert re.findall(r'data-panel-of="(\w+)"', page) == ["convolution", "gibbs"]
    assert page.count("css/interactive.css") == 2


def test_a_lesson_without_such_a_figure_brings_neither(client):
    page = page_with(
        client,
        "<p>The words data-interactive=&quot;gibbs&quot; are text.</p>" + FIGURE.replace("-interactive", "-other"),
    )
    assert "data-panel-of" not in page
    assert "css/interactive.css" not in page


def test_a_panel_has_words_for_everything_that_its_script_says(client):
    page = page_with(client, FIGURE.format("gibbs"))
    assert "Sample the other layer" in page
    assert 'data-begin="All units are off.' in page
