"""The Markdown dialect of courses: CommonMark without raw HTML, with tables, math, containers and numbers."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar

from course.markup.renderer import PageRenderer

CALLOUTS = {"note": "Note", "warning": "Warning", "mistake": "Common mistake"}
CONTAINERS = (*CALLOUTS, "aside", "exercise", "hint", "solution", "derivation")
MOST_COLUMNS = 30  # of a table; more do not fit on a page
# Cells of the tables of a text. Short rows get the cells that they lack, so a few characters could make very many.
MOST_CELLS = 10_000
TOO_WIDE = f"a table has at most {MOST_COLUMNS} columns."
TOO_LARGE = f"the tables of one text have at most {MOST_CELLS:,} cells. Move this table to another text."
NUMBER = re.compile(r"\{\{([a-z0-9-]+)\.([^\s{}]+)\}\}")
MATH_BLOCK = math_block_dollar(label_normalizer=lambda label: re.sub(r"\s+", "-", label))


def make_dialect() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}, renderer_cls=PageRenderer)
    markdown.enable("table")
    markdown.block.ruler.at("table", _parse_table, {"alt": ["paragraph", "reference"]})
    markdown.disable("text_join")  # tells \$ apart from an unmatched $
    markdown.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    markdown.block.ruler.at("math_block", _parse_math, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    for rule in ("math_inline", "math_inline_double", "math_block", "math_block_label"):
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
    match = NUMBER.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("number", "", 0)
        token.content = f"{match[1]}.{match[2]}"
    state.pos = match.end()
    return True


def _parse_math(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse `$$ … $$` as a block. On one line it may follow a line of text; on several it needs an empty line before it.

    Two formulas on one line are part of a paragraph.
    """
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not line.startswith("$$") or line.count("$$") > 2:
        return False
    if not silent:
        return MATH_BLOCK(state, start, end, False)
    # The plugin's rule writes the block also when it is only asked. It sees one line, so that a long paragraph stays quick.
    before, made = state.line, len(state.tokens)
    is_math = MATH_BLOCK(state, start, start + 1, True)
    state.line = before
    del state.tokens[made:]
    return is_math


def _parse_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a table of a size that fits on a page. A larger one stays text, and `too_large` names its lines and why."""
    if not table(state, start, end, True):
        return False
    if silent:
        return True
    is_wide = state.src.count("|", state.bMarks[start + 1], state.eMarks[start + 1]) > MOST_COLUMNS + 1
    if is_wide or state.env.get("cells", 0) > MOST_CELLS:
        state.env.setdefault("too_large", []).append((start, TOO_WIDE if is_wide else TOO_LARGE))
        return False
    before = len(state.tokens)
    table(state, start, end, False)
    made = sum(token.type in ("td_open", "th_open") for token in state.tokens[before:])
    state.env["cells"] = state.env.get("cells", 0) + made
    return True
