"""The text of lessons and questions: takes Markdown, returns sanitized HTML and every mistake.

`render_page` renders lessons: sections, margin notes, numbered figures and equations, listings, contents.
`render_fragment` renders a question's prompt, option or explanation: the same syntax, but no ids and no numbers. Both
are pure: they find files and other pages through the `Setting` that the caller passes.
"""

from dataclasses import dataclass
from typing import Any

from markdown_it.token import Token

from course.markup.dialect import make_dialect
from course.markup.expectations import Expectation, unmet_expectations
from course.markup.foreign import UnfitDrawing, cleaned_drawing
from course.markup.listings import Listing
from course.markup.media import SIZES
from course.markup.outputs import code_digest
from course.markup.problems import MarkupProblem
from course.markup.renderer import TERM_LINK
from course.markup.sanitise import sanitise
from course.markup.setting import (
    Asset,
    CaptionTrack,
    InteractiveFigure,
    Media,
    MediaSource,
    Setting,
    ShownOutput,
    TranscriptPart,
)
from course.markup.survey import Heading, Survey, take_survey
from course.markup.svg import svg_html

__all__ = [
    "SIZES",
    "TERM_LINK",
    "Asset",
    "CaptionTrack",
    "Expectation",
    "Heading",
    "InteractiveFigure",
    "Listing",
    "MarkupProblem",
    "Media",
    "MediaSource",
    "Page",
    "Setting",
    "ShownOutput",
    "TranscriptPart",
    "UnfitDrawing",
    "cleaned_drawing",
    "code_digest",
    "render_fragment",
    "render_page",
    "svg_html",
    "unmet_expectations",
]
DIALECT = make_dialect()
ALONE = Setting()  # a text without files and other pages


@dataclass(frozen=True)
class Page:
    """`html` is sanitized; `contents` lists the headings in order; `assets` are the paths of files that the page uses."""

    html: str
    problems: tuple[MarkupProblem, ...]
    contents: tuple[Heading, ...] = ()
    listings: tuple[Listing, ...] = ()
    assets: tuple[str, ...] = ()


def render_page(source: str, setting: Setting = ALONE) -> Page:
    """Render a lesson. Each section is a separate block, so that its margin notes can be placed beside it."""
    survey, tokens, env = _read_source(source, setting, is_page=True)
    html = "".join(_section(body, asides, env) for body, asides in _sections(tokens) if body)
    return _page_from(html, survey)


def render_fragment(source: str, setting: Setting = ALONE, *, is_inline: bool = False) -> Page:
    """Render a part of a question. With `is_inline`, render one paragraph without its <p>, for a label or a table cell."""
    survey, tokens, env = _read_source(source, setting, is_page=False)
    if is_inline:
        tokens = _inline_part(tokens, survey)
    return _page_from(_html(tokens, env), survey)


def _inline_part(tokens: list[Token], survey: Survey) -> list[Token]:
    """Return what to render of one paragraph. A formula between double dollars is a block that is drawn as text here."""
    types = [token.type for token in tokens]
    if types == ["math_block"]:
        tokens[0].type = "math_inline"
        return tokens
    if types != ["paragraph_open", "inline", "paragraph_close"]:
        survey.report("this must be one paragraph of text.", survey.first_line)
    return [token for token in tokens if token.type == "inline"]


def _read_source(source: str, setting: Setting, *, is_page: bool) -> tuple[Survey, list[Token], dict[str, Any]]:
    survey = Survey(DIALECT, source.splitlines(), setting.first_line, is_page)
    env: dict[str, Any] = {}
    tokens = DIALECT.parse(source, env)
    for line, problem in env.get("too_large", ()):
        survey.report(problem, setting.first_line + line)
    take_survey(tokens, survey)
    return survey, tokens, {"survey": survey, "setting": setting}


def _html(tokens: list[Token], env: dict[str, object]) -> str:
    return str(DIALECT.renderer.render(tokens, DIALECT.options, env))


def _page_from(html: str, survey: Survey) -> Page:
    return Page(
        html=sanitise(html),
        problems=tuple(sorted(set(survey.problems))),
        contents=tuple(survey.contents),
        listings=tuple(survey.listings),
        assets=tuple(dict.fromkeys(survey.assets)),
    )


def _sections(tokens: list[Token]) -> list[tuple[list[Token], list[Token]]]:
    """Return body and margin notes of the text before the first heading, then of each section."""
    sections: list[tuple[list[Token], list[Token]]] = [([], [])]
    is_aside = False
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0:
            sections.append(([], []))
        is_aside = is_aside or (token.type == "container_aside_open" and token.level == 0)
        body, asides = sections[-1]
        (asides if is_aside else body).append(token)
        is_aside = is_aside and not (token.type == "container_aside_close" and token.level == 0)
    return sections


def _section(body: list[Token], asides: list[Token], env: dict[str, object]) -> str:
    return f"<section data-section>\n{_html(body, env)}</section>\n{_html(asides, env)}"
