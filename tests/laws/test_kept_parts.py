"""A kept part of a page uses only what its look declares, so nobody sees what was rendered for somebody else."""

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.template import Engine, Node, NodeList, Template, TemplateSyntaxError, Variable, engines
from django.template.base import FilterExpression, TokenType
from django.template.defaulttags import ForNode, IfNode
from django.template.loader import get_template
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode

from foundation.fast.keeping import IS_KEPT, STAND_INS, FreshNode, KeepEachNode, KeepNode
from foundation.fast.looks import Look
from tests.laws.test_source import ROOT, modules, templates

OPEN = {"portal.pages.head"}  # the views name what the blocks of this one show (page_key)
SETS_NAME = ("asvar", "target_var", "variable", "varname", "var_name")
TAG = re.compile(r"\{%\s*keep(?:each\s+\w+\s+[\w.]+)?(?:\s+(?P<look>[\w.]+))?\s*%\}")
LISTED = re.compile(r"\{%\s*keep\w*[^%]*%\}")


def paths_in(value: object) -> Iterator[str]:
    """Yield the variables of an expression, and of expressions in lists, dictionaries and conditions."""
    match value:
        case FilterExpression():
            yield from paths_in(value.var)
            for _filter, arguments in value.filters:
                yield from paths_in([argument for is_lookup, argument in arguments if is_lookup])
        case Variable(lookups=tuple(lookups)):
            yield ".".join(lookups)
        case list() | tuple():
            for part in value:
                yield from paths_in(part)
        case dict():
            yield from paths_in([*value.values()])
        case _ if isinstance(getattr(value, "value", None), FilterExpression):  # a value in a condition
            yield from paths_in(value.value)
        case _ if hasattr(value, "first") and hasattr(value, "second"):  # an operator of a condition
            yield from paths_in([value.first, value.second])


def used_in(nodes: Iterable[Node], bound: set[str]) -> Iterator[str]:
    """Yield the paths that nodes use and that nothing inside sets. `bound` are names that are set; it gets those set here."""
    for node in nodes:
        yield from (path for path in used_by(node, bound) if path.split(".")[0] not in bound)
        bound.update(name for kind in SETS_NAME if isinstance(name := getattr(node, kind, None), str))


def used_by(node: Node, bound: set[str]) -> Iterator[str]:
    match node:
        case FreshNode():
            return
        case KeepNode():
            yield from used_by_kept(node, bound)
        case IncludeNode():
            yield from used_by_included(node, bound)
        case IfNode():
            for condition, inside in node.conditions_nodelists:
                yield from paths_in(condition)
                yield from used_in(inside, bound)
        case _:
            yield from used_by_other(node, bound)


def used_by_kept(node: KeepNode, bound: set[str]) -> Iterator[str]:
    """Yield what a kept part needs of the part around it: its keys, what it shows and fills in, and its fresh parts."""
    yield from paths_in([*node.keys, *node.shows, *node.values.values(), node.needs])
    if isinstance(node, KeepEachNode):
        yield from paths_in(node.items)
    for fresh in node.nodelist.get_nodes_by_type(FreshNode):
        yield from used_in(fresh.nodelist, {*bound, *node.look.named, *node.values})


def used_by_included(node: IncludeNode, bound: set[str]) -> Iterator[str]:
    yield from paths_in([node.template, node.extra_context])
    if isinstance(node.template.var, str) and not node.isolated_context:
        yield from used_in(get_template(node.template.var).template.nodelist, {*bound, *node.extra_context})


def used_by_other(node: Node, bound: set[str]) -> Iterator[str]:
    inside, extra = {*bound}, getattr(node, "extra_context", None) or {}
    fields = {name: value for name, value in vars(node).items() if not isinstance(value, NodeList) and name != "token"}
    yield from paths_in(fields)
    inside |= {*extra}
    if isinstance(node, ForNode):
        inside |= {*node.loopvars, "forloop"}
    if isinstance(node, BlockTranslateNode):
        inside |= {node.countervar} - {None}
        texts = [*node.singular, *node.plural]
        names = [token.contents for token in texts if token.token_type == TokenType.VAR]
        yield from (name for name in names if name not in inside)
    for kind in node.child_nodelists:
        yield from used_in(getattr(node, kind, ()), {*inside})


def undeclared(template: Template) -> set[str]:
    """Return what the kept parts of a template use and their looks do not declare."""
    return {path for node in template.nodelist.get_nodes_by_type(KeepNode) for path in undeclared_by(node)}


def undeclared_by(node: KeepNode) -> set[str]:
    if node.look.is_open:
        return set()
    known = {*STAND_INS, *node.values, IS_KEPT, "True", "False", "None"}
    if isinstance(node, KeepEachNode):
        known.add(node.name)
    return {path for path in used_in(node.nodelist, known) if not is_declared(path, node.look)}


def is_declared(path: str, look: Look) -> bool:
    """Return whether a look declares a path, something around it, or something inside it, so that a test of it is decided."""
    shown = [name for name in look.names if name]
    return any(f"{path}.".startswith(f"{name}.") or name.startswith(f"{path}.") for name in shown)


def looks_named() -> set[str]:
    return {
        found["look"] for file in templates() for found in TAG.finditer(file.read_text()) if found["look"] is not None
    }


def looks_declared() -> set[str]:
    files = [file for file in modules() if file.name == "looks.py" and file.parent != ROOT / "foundation" / "fast"]
    rooms = [".".join(file.parent.relative_to(ROOT).parts) for file in files]
    return {
        f"{room}.{name}"
        for room in rooms
        for name, value in vars(import_module(f"{room}.looks")).items()
        if isinstance(value, Look)
    }


def names_below(file: Path) -> str:
    root = next(root for root in (ROOT / "templates", ROOT / "questions" / "types") if root in file.parents)
    return str(file.relative_to(root))


def test_no_template_lists_the_keys_of_a_kept_part():
    tags = {tag for file in templates() for tag in LISTED.findall(file.read_text())}
    assert {tag for tag in tags if not TAG.fullmatch(tag)} == set()


def test_a_kept_part_uses_only_what_its_look_declares():
    files = [file for file in templates() if "{% keep" in file.read_text()]
    assert len(files) > 10
    found = {names_below(file): undeclared(get_template(names_below(file)).template) for file in files}
    assert {file: paths for file, paths in found.items() if paths} == {}


def test_every_look_is_used_and_only_the_head_of_pages_is_open():
    assert looks_named() == looks_declared()
    are_open = {name for name in looks_declared() if look_of(name).is_open}
    assert are_open == OPEN


def look_of(name: str) -> Look:
    room, _, word = name.rpartition(".")
    return vars(import_module(f"{room}.looks"))[word]


def engine() -> Engine:
    return engines["django"].engine


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("{{ grade.percent }}{{ csrf_token }}", set()),
        ("{{ grade.percent }}{{ user.email }}", {"user.email"}),
        ("{% if course %}{{ course.slug }}{% endif %}", set()),
        ("{{ course.join_code }}", {"course.join_code"}),
        ("{% for line in grade.items %}{{ line.title }}{{ forloop.counter }}{% endfor %}{{ line.title }}", {"line.title"}),
        ("{% if user.is_staff and grade %}{% endif %}", {"user.is_staff"}),
        ("{% with secret=card.key %}{{ secret }}{% endwith %}", {"card.key"}),
        ("{{ grade.percent|default:secret }}", {"secret"}),
        ("{% url 'course' course.slug as here %}{{ here }}", set()),
        ("{% include 'components/grade_status.html' %}", set()),
        ("{% include 'components/grade_status.html' with grade=other %}", {"other"}),
        ("{% fresh %}{{ user.email }}{% endfresh %}", set()),
        ("{% blocktranslate %}{{ secret }}{% endblocktranslate %}", {"secret"}),
        ("{% blocktranslate with name=user.name %}{{ name }}{% endblocktranslate %}", {"user.name"}),
        ("{% keep quizzes.total %}{{ item.percent }}{% endkeep %}", {f"item.{name}" for name in (
            "points_earned", "points_possible", "points_short", "percent", "pass_percent")}),
    ],
)  # fmt: skip
def test_a_variable_that_a_look_does_not_declare_would_be_seen(inside, found):
    text = "{% load i18n keeping %}{% keep portal.pages.outline_grade %}" + inside + "{% endkeep %}"
    assert undeclared(engine().from_string(text)) == found


@pytest.mark.parametrize(
    "tag", ["keep grade", "keep portal.pages.outline_grade course.slug", "keep portal.pages.nothing", "keep no.room"]
)
def test_a_tag_that_names_no_look_is_an_error(tag):
    with pytest.raises(TemplateSyntaxError, match="must name one look"):
        engine().from_string("{% load keeping %}{% " + tag + " %}{% endkeep %}")
