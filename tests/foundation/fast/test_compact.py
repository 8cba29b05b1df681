"""Templates lose their indentation and nothing else."""

import pytest
from django.template import Context, NodeList, Template
from django.template.loader import get_template
from django.template.loader_tags import BlockNode

from foundation.fast.compact import compact, translated


@pytest.mark.parametrize(
    ("written", "loaded"),
    [
        ("<p>\n    one\n    two\n</p>\n", "<p>\none\ntwo\n</p>\n"),
        (
            '<form\n    method="post"\n    action="{% url \'a\' %}"\n>\n',
            '<form method="post" action="{% url \'a\' %}">\n',
        ),
        (
            '<a\n    href=""\n    {% if x == "a" %}class=\'b\'{% endif %}\n>',
            '<a href="" {% if x == "a" %}class=\'b\'{% endif %}>',
        ),
        (
            '<input\n    {% if "<math" in x and y > 2 %}\n        checked\n    {% endif %}\n>',
            '<input {% if "<math" in x and y > 2 %} checked {% endif %}>',
        ),
        ('<svg\n    class="i"\n/>', '<svg class="i"/>'),
        ("<pre>\n  one\n    two\n</pre>\n   <p>", "<pre>\n  one\n    two\n</pre>\n<p>"),
        ("<textarea\n  rows=1>\n  {{ text }}\n</textarea>", "<textarea\n  rows=1>\n  {{ text }}\n</textarea>"),
        ("{% if a < b %}\n    c\n{% endif %}", "{% if a < b %}\nc\n{% endif %}"),
        ("one two  three", "one two  three"),
    ],
)
def test_a_template_is_loaded_without_its_indentation(written, loaded):
    assert compact(written) == loaded


@pytest.mark.parametrize(
    ("written", "loaded"),
    [
        ('<p>{% translate "Sign In" %}</p>', "<p>Sign in</p>"),
        ("{% trans 'Add Email' %}", "Add the address"),
        ("{% translate \"You can't & won't\" %}", "You can't & won't"),
        *[
            (text, text)
            for text in ('{% translate "A" as a %}', "{% translate a %}", r'{% translate "\"a\" is 5 %" %}')
        ],
    ],
)
def test_a_plain_text_is_translated_when_its_template_is_loaded(written, loaded):
    assert translated(written) == loaded
    texts = [Template("{% load i18n %}" + text).render(Context({"a": "A"})) for text in (written, loaded)]
    assert texts[0] == texts[1]


def test_a_trimmed_sentence_stays_the_sentence_that_translators_see():
    written = "{% load i18n %}{% blocktranslate trimmed %}One\n    and two.\n{% endblocktranslate %}"
    texts = [Template(text).render(Context()) for text in (written, compact(written))]
    assert texts == ["One and two."] * 2


def test_pages_are_loaded_this_way():
    assert "\n " not in get_template("base.html").template.source


def test_a_program_keeps_its_lines():
    assert "\n " in get_template("portal/service_worker.js").template.source


def test_a_template_is_searched_for_its_blocks_once(monkeypatch):
    parent = get_template("base.html").template.nodelist
    found = parent.get_nodes_by_type(BlockNode)
    assert {"title", "content"} <= {block.name for block in found}
    monkeypatch.setattr(NodeList, "get_nodes_by_type", lambda *_: pytest.fail("a loaded template was searched again"))
    assert parent.get_nodes_by_type(BlockNode) == found
