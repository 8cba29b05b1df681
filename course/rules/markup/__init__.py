"""The text of lessons and questions: Markdown in, sanitised HTML and every mistake out.

`render_page` for lessons: sections, margin notes, numbered figures and equations, listings, contents.
`render_fragment` for a question's prompt, option or explanation: the same marks, but no ids and no numbers.
Both are pure: files and other pages are found through the `Setting` that the caller gives.
"""

from dataclasses import dataclass
from typing import Any

from markdown_it.token import Token

from course.rules.markup.dialect import make_dialect
from course.rules.markup.expectations import Expectation, unmet_expectations
from course.rules.markup.listings import Listing
from course.rules.markup.problems import Problem
from course.rules.markup.sanitise import sanitise
from course.rules.markup.setting import Asset, Setting
from course.rules.markup.survey import Heading, Survey, take_survey

__all__ = [
    "Asset",
    "Expectation",
    "Heading",
    "Listing",
    "Page",
    "Problem",
    "Setting",
    "render_fragment",
    "render_page",
    "unmet_expectations",
]
DIALECT = make_dialect()
ALONE = Setting()  # no files, no other pages


@dataclass(frozen=True)
class Page:
    """`html` is sanitised; `contents` are its headings in order; `assets` the paths of files that it uses."""

    html: str
    problems: tuple[Problem, ...]
    contents: tuple[Heading, ...] = ()
    listings: tuple[Listing, ...] = ()
    assets: tuple[str, ...] = ()


def render_page(source: str, setting: Setting = ALONE) -> Page:
    """A lesson: each section a block of its own, so that its margin notes can stand beside it."""
    survey, tokens, env = _read(source, setting, is_page=True)
    html = "".join(
        _section(body, asides, number, env) for number, (body, asides) in enumerate(_sections(tokens)) if body
    )
    return _page(html, survey)


def render_fragment(source: str, setting: Setting = ALONE, *, is_inline: bool = False) -> Page:
    """A piece of a question. With `is_inline`, one paragraph without its <p>, for a label or a table's cell."""
    survey, tokens, env = _read(source, setting, is_page=False)
    if is_inline:
        if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
            survey.report("this must be one paragraph of text.", setting.first_line)
        tokens = [token for token in tokens if token.type == "inline"]
    return _page(_html(tokens, env), survey)


def _read(source: str, setting: Setting, *, is_page: bool) -> tuple[Survey, list[Token], dict[str, Any]]:
    survey = Survey(DIALECT, source.splitlines(), setting.first_line, is_page)
    tokens = DIALECT.parse(source)
    take_survey(tokens, survey)
    return survey, tokens, {"survey": survey, "setting": setting}


def _html(tokens: list[Token], env: dict[str, Any]) -> str:
    return str(DIALECT.renderer.render(tokens, DIALECT.options, env))


def _page(html: str, survey: Survey) -> Page:
    return Page(
        html=sanitise(html),
        problems=tuple(sorted(set(survey.problems))),
        contents=tuple(survey.contents),
        listings=tuple(survey.listings),
        assets=tuple(dict.fromkeys(survey.assets)),
    )


def _sections(tokens: list[Token]) -> list[tuple[list[Token], list[Token]]]:
    """Body and margin notes of what stands before the first heading, then of each section."""
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


def _section(body: list[Token], asides: list[Token], number: int, env: dict[str, Any]) -> str:
    classes = "prose nx" if number else "prose"
    return f'<div class="{classes}">\n{_html(body, env)}</div>\n{_html(asides, env)}'
