"""The Markdown dialect of courses: CommonMark without raw HTML, with tables, math, containers and numbers."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from course.markup.renderer import PageRenderer

CALLOUTS = {"note": "Note", "warning": "Warning", "mistake": "Common mistake"}
CONTAINERS = (*CALLOUTS, "aside", "exercise", "hint", "solution", "derivation")
NUMBER = re.compile(r"\{\{([a-z0-9-]+)\.([^\s{}]+)\}\}")


def make_dialect() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}, renderer_cls=PageRenderer)
    markdown.enable("table")
    markdown.disable("text_join")  # tells \$ apart from an unmatched $
    markdown.use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_blank_lines=False)
    for rule in ("math_inline", "math_block", "math_block_label"):
        markdown.add_render_rule(rule, getattr(PageRenderer, rule))  # the plugin brings its own
    markdown.use(attrs_plugin, after=("image",), allowed=("id", "interactive"))
    for name in CONTAINERS:
        markdown.use(container_plugin, name)
        for part in ("open", "close"):
            rule = f"container_{name}_{part}"
            markdown.add_render_rule(rule, getattr(PageRenderer, rule))
    markdown.inline.ruler.before("escape", "number", _parse_number)
    return markdown


def _parse_number(state: StateInline, silent: bool) -> bool:
    found = NUMBER.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("number", "", 0)
        token.content = f"{found[1]}.{found[2]}"
    state.pos = found.end()
    return True
