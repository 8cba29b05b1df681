"""Parts of a kept fragment that each request shows in its own order."""

import pytest
from django.template import Context, Template, TemplateSyntaxError

from foundation.fast.keeping import fragments
from foundation.fast.moving import Ranks
from tests.pieces import without

LOAD = "{% load keeping %}"
ITEMS = "{% for item in items %}{% movable item %}<i>{{ item }}</i>\n{% endmovable %}{% endfor %}"
PART = "{% keep tests.foundation.fast.ordered %}<p>" + ITEMS + "</p>{% endkeep %}"


def ranks(text: str) -> Ranks:
    return Ranks({item: place for place, item in enumerate(text)})


def shown(part: str, items: str, order: str | None, one: object = 1) -> str:
    """Render a part and return what is in its elements."""
    values = {"one": one, "items": items, "ranks": None if order is None else ranks(order)}
    html = Template(LOAD + part).render(Context(values))
    return html.replace("\n", "").replace("<i>", "").replace("</i>", "")


def test_a_kept_part_shows_its_movable_parts_in_the_order_of_each_request():
    template = Template(LOAD + PART)
    pages = [
        template.render(Context({"one": "moves", "items": items, "ranks": ranks(order)}))
        for items, order in (("abc", "abc"), ("cab", "cab"), ("bca", "bac"))
    ]
    assert ["".join(letter for letter in page if letter in "abc") for page in pages] == ["abc", "cab", "bac"]
    assert {(page[:3], page[-4:]) for page in pages} == {("<p>", "</p>")}


def test_without_an_order_the_parts_stay_as_rendered():
    assert shown(PART, "bca", None) == "<p>bca</p>"


def test_parts_move_only_among_those_that_follow_directly():
    part = "{% keep tests.foundation.fast.ordered %}" + ITEMS + "|" + ITEMS + "{% endkeep %}"
    assert shown(part, "abc", "cba") == "cba|cba"


def test_what_is_between_two_parts_stays_there():
    rows = "{% for item in items %}{% movable item %}{{ item }}{% endmovable %}\n {% endfor %}."
    part = "{% keep tests.foundation.fast.ordered %}" + rows + "{% endkeep %}"
    template = Template(LOAD + part)
    pages = [template.render(Context({"one": 1, "items": "abc", "ranks": ranks(order)})) for order in ("abc", "cab")]
    assert pages == ["a\nb\nc\n.", "c\na\nb\n."]


def test_parts_inside_of_parts_move_too():
    inner = "{% for other in items %}{% movable other %}{{ other }}{% endmovable %}{% endfor %}"
    rows = "{% for item in items %}{% movable item %}[{{ item }}:" + inner + "]{% endmovable %}{% endfor %}"
    part = "{% keep tests.foundation.fast.ordered %}" + rows + "{% endkeep %}"
    assert shown(part, "ab", "ba") == "[b:ba][a:ba]"


def test_a_movable_part_has_values_of_its_request():
    row = "{% movable item %}{{ item }}{{ short_name }}{% endmovable %}"
    part = "{% keep tests.foundation.fast.ordered %}{% for item in items %}" + row + "{% endfor %}{% endkeep %}"
    template = Template(LOAD + part)
    pages = [
        template.render(Context({"one": 1, "items": "ab", "ranks": ranks("ba"), "short_name": name})) for name in "XY"
    ]
    assert pages == ["bXaX", "bYaY"]


def test_a_fragment_around_another_one_moves_its_parts():
    """The inner fragment is made once, so it must not keep the order of the first reader."""
    outer = "{% keep tests.foundation.fast.ordered %}{% keep tests.foundation.fast.ordered %}" + ITEMS
    template = Template(LOAD + outer + "{% endkeep %}{% endkeep %}")
    pages = [template.render(Context({"one": 1, "items": "ab", "ranks": ranks(order)})) for order in ("ba", "ab")]
    assert ["".join(letter for letter in page if letter in "ab") for page in pages] == ["ba", "ab"]


def test_an_order_keeps_what_it_was_used_for_and_nothing_else():
    template, order = Template(LOAD + PART), ranks("ba")
    values = {"items": "ab", "ranks": order}
    first = [template.render(Context({"one": one, **values})) for one in (1, 1)]
    fragments.clear()
    values["items"] = "abc"
    assert (first[0] == first[1], "c" in template.render(Context({"one": 1, **values}))) == (True, True)


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_without_kept_parts_the_template_decides_about_the_order(order):
    with without("kept_parts"):
        assert shown(PART, order, "ab") == f"<p>{order}</p>"


def test_a_part_whose_look_names_no_order_may_not_have_movable_parts():
    part = "{% keep tests.foundation.fast.one %}{% movable one %}{{ one }}{% endmovable %}{% endkeep %}"
    with pytest.raises(TemplateSyntaxError, match="needs a look that says their order"):
        shown(part, "", "a", one="a")
