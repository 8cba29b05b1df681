"""Write tokens as HTML that names what each part is and not how it looks: style sheets use elements and `data-`.

The survey has been taken before; problems found here are added to it. Parts that scroll or are set apart are named
groups, not landmarks: a page with twenty equations would have twenty landmarks.
"""

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import replace
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from course.markup.foreign import UnfitDrawing, survey_drawing
from course.markup.listings import Listing, listing_html
from course.markup.mathml import to_mathml
from course.markup.media import media_html
from course.markup.outputs import code_digest, outputs_html
from course.markup.setting import Asset, Setting
from course.markup.survey import Survey, plain_text
from course.markup.svg import svg_html

CALLOUTS = {"note": "Note", "warning": "Warning", "mistake": "Common mistake"}  # and their text for screen readers
NUMBER = re.compile(r"\{\{([a-z0-9-]+)\.([^\s{}]+)\}\}")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
TERM_LINK = "term:"  # begins the address of a “link” to a term of the glossary
ALIGNMENTS = {"text-align:right": "right", "text-align:center": "center"}

type Tokens = Sequence[Token]
type Env = MutableMapping[str, Any]


def element_id(identifier: str) -> str:
    """Return an element id that cannot collide with ids of the page around the content."""
    return f"c-{identifier}"


class PageRenderer(RendererHTML):
    """Render each kind of token with the method of that name, which markdown-it looks up."""

    def text_special(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return escape(tokens[index].content)

    def heading_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        token = tokens[index]
        return f'<{token.tag} id="{element_id(token.meta["id"])}">'

    def fence(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        listing = tokens[index].meta["listing"]
        return listing_html(listing, element_id(listing.id), _shown(env, listing))

    def media(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        token, setting = tokens[index], env["setting"]
        if not token.meta["is_shown"]:
            return ""
        media = setting.find_media(token.content, _token_line(token) + 1)
        return media_html(media, element_id(token.meta["id"]) if token.meta["id"] else "") if media else ""

    def code_block(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        _survey(env).report("code stands between ``` lines, not behind spaces.", _token_line(tokens[index]))
        return ""

    def number(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        listing, _, name = tokens[index].content.partition(".")
        return escape(_listing_number(env, listing, name, _token_line(tokens[index])))

    def math_inline(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return _math(env, tokens[index], is_display=False)

    math_inline_double = math_inline

    def math_block(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        token = tokens[index]
        number = token.meta["number"] if _survey(env).is_page else ""
        label = f"Equation {number}".strip()
        written = f"<span data-number>({number})</span>" if number else ""
        is_named = token.meta.get("id") and _survey(env).is_page
        identifier = f' id="{element_id(token.meta["id"])}"' if is_named else ""
        return (
            f'<div data-equation{identifier} tabindex="0" role="group" aria-label="{label}">'
            f"{_math(env, token, is_display=True)}{written}</div>\n"
        )

    math_block_label = math_block

    def table_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return '<div data-table tabindex="0" role="group" aria-label="Table"><table>\n'

    def table_close(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return "</table></div>\n"

    def td_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        side = ALIGNMENTS.get(str(tokens[index].attrs.get("style", "")))
        return f'<{tokens[index].tag} data-align="{side}">' if side else f"<{tokens[index].tag}>"

    def th_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        """Write an empty corner cell as a cell, because it is not a header."""
        return "<td>" if not tokens[index + 1].content else self.td_open(tokens, index, options, env)

    def th_close(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return "</td>\n" if not tokens[index - 1].content else "</th>\n"

    def paragraph_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        meta = tokens[index].meta
        if "figure" not in meta:
            return self.renderToken(tokens, index, options, env)
        identifier = f' id="{element_id(meta["id"])}"' if meta["id"] and _survey(env).is_page else ""
        return f"<figure data-figure{identifier}{_interactive(env, meta['interactive'], meta['line'])}>"

    def paragraph_close(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        if "figure" in tokens[index].meta:
            return "</figure>\n"
        return self.renderToken(tokens, index, options, env)

    def image(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        token, survey = tokens[index], _survey(env)
        if "figure" not in token.meta:
            survey.report("a figure needs its own paragraph.", _token_line(token))
            return ""
        alternative = plain_text(token.children or []).strip()
        if not alternative:
            survey.report("the figure has no alternative text: ![what it shows](…).", _token_line(token))
        caption = self.renderInline(token.meta["caption"], options, env)
        numbered = f"<b>Figure {token.meta['figure']}.</b> " if survey.is_page else ""
        written = f"<figcaption>{numbered}{caption}</figcaption>" if caption else ""
        return _picture(env, token, alternative) + written

    def link_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        token = tokens[index]
        href = str(token.attrs["href"])
        if href.startswith(TERM_LINK):
            return _term_start(env, tokens, index)
        label = _survey(env).targets.get(href[1:], "") if href.startswith("#") else ""
        is_empty = tokens[index + 1].type == "link_close"
        if is_empty and not label:
            _survey(env).report("the link has no text.", _token_line(token))
        return f'<a href="{escape(_address(env, href, _token_line(token)))}">{escape(label) if is_empty else ""}'

    def link_close(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        opening = next(token for token in reversed(tokens[:index]) if token.type == "link_open")
        return "</span>" if str(opening.attrs["href"]).startswith(TERM_LINK) else "</a>"

    def container_note_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return _callout("note", tokens[index])

    def container_warning_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return _callout("warning", tokens[index])

    def container_mistake_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return _callout("mistake", tokens[index])

    def container_note_close(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return "</div>\n"

    container_warning_close = container_mistake_close = container_note_close

    def container_aside_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        title = tokens[index].meta["title"]
        label = escape(f"Margin note: {title}" if title else "Margin note")
        return f'<aside role="note" aria-label="{label}">{_title_html(title)}'

    def container_aside_close(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return "</aside>\n"

    def container_exercise_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        meta = tokens[index].meta
        identifier = f' id="{element_id(meta["id"])}"' if meta.get("id") else ""
        number = f" {meta['exercise']}" if _survey(env).exercises > 1 else ""
        label = escape(meta["title"] or f"Exercise{number}")
        return f'<section data-exercise{identifier} role="group" aria-label="{label}">{_title_html(meta["title"])}\n'

    def container_exercise_close(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return "</section>\n"

    def container_hint_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return _details(tokens[index].meta["title"] or "Hint")

    def container_solution_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return _details(tokens[index].meta["title"] or "Solution")

    def container_derivation_open(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return _details(tokens[index].meta["title"] or "Derivation")

    def container_hint_close(self, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
        return "</details>\n"

    container_solution_close = container_derivation_close = container_hint_close


def _survey(env: Env) -> Survey:
    survey: Survey = env["survey"]
    return survey


def _token_line(token: Token) -> int:
    return int(token.meta["line"])


def _listing_number(env: Env, listing: str, name: str, line: int) -> str:
    number = _survey(env).number(listing, name.removesuffix("%"))
    if number is None:
        _survey(env).report(
            f"{{{{{listing}.{name}}}}} does not name a number that a listing on this page promises in expect.", line
        )
        return ""
    return _percentage(number) if name.endswith("%") else number


def _percentage(share: str) -> str:
    """Return a share as a percentage, with a space at which no line breaks: “94 %” for “0.94”."""
    return f"{Decimal(share).scaleb(2):f}\N{NO-BREAK SPACE}%"


def _math(env: Env, token: Token, *, is_display: bool) -> str:
    tex = NUMBER.sub(lambda match: _listing_number(env, match[1], match[2], _token_line(token)), token.content)
    written, problems = to_mathml(tex.strip(), is_display=is_display)
    for problem in problems:
        _survey(env).report(problem, _token_line(token))
    return written


def _picture(env: Env, token: Token, alternative: str) -> str:
    path = str(token.attrs["src"])
    setting: Setting = env["setting"]
    asset = setting.find_asset(path)
    _survey(env).assets.append(path)
    if asset is None:
        _survey(env).report(f"the file “{path}” does not exist.", _token_line(token))
        return ""
    if asset.problem:
        _survey(env).report(f"{path}: the file {asset.problem}.", _token_line(token))
        return ""
    if asset.svg:
        drawing, problems = svg_html(asset.svg, alternative)
        if not problems:
            return drawing
        return _foreign_drawing(env, token, alternative, asset, problems)
    if token.meta["interactive"]:
        _survey(env).report(f"an interactive figure needs an SVG file, and “{path}” is not one.", _token_line(token))
    return _image(asset, alternative)


def _foreign_drawing(env: Env, token: Token, alternative: str, asset: Asset, problems: Sequence[str]) -> str:
    """Return the drawing of another program as a picture, or report why it cannot be shown."""
    path = token.attrs["src"]
    if token.meta["interactive"]:
        for problem in problems:
            _survey(env).report(f"{path}: {problem}", _token_line(token))
        return ""
    try:
        drawing = survey_drawing(asset.svg.encode())
    except UnfitDrawing as error:
        _survey(env).report(f"{path}: the SVG file {error}.", _token_line(token))
        return ""
    return _image(replace(asset, width=drawing.width, height=drawing.height), alternative)


def _image(asset: Asset, alternative: str) -> str:
    size = f' width="{asset.width}" height="{asset.height}"' if asset.width else ""
    return f'<img src="{escape(asset.url)}" alt="{escape(alternative)}"{size} loading="lazy" decoding="async">'


def _shown(env: Env, listing: Listing) -> str:
    """Return what a listing showed when its author ran it."""
    setting: Setting = env["setting"]
    listings = _survey(env).listings
    if not listing.is_runnable or listing not in listings:  # one without an id, or a test, is reported as a mistake
        return ""
    digest = code_digest(listing, listings)
    return outputs_html(setting.find_outputs(listing.id, digest), listing)


def _interactive(env: Env, path: str, line: int) -> str:
    if not path:
        return ""
    setting: Setting = env["setting"]
    _survey(env).assets.append(path)
    figure = setting.find_interactive(path)
    if figure is None:
        _survey(env).report(f"the data of the interactive figure, “{path}”, is missing or has mistakes.", line)
        return ""
    return f' data-interactive="{figure.kind}" data-values="{escape(figure.values)}"'


def _address(env: Env, href: str, line: int) -> str:
    survey, setting = _survey(env), env["setting"]
    if href.startswith("#"):
        if href[1:] not in survey.targets or not survey.is_page:
            survey.report(f"nothing on this page has the id “{href[1:]}”.", line)
        return f"#{element_id(href[1:])}"
    if href.startswith(("lesson:", "lab:")):
        page: str | None = setting.find_page(href)
        if page is None:
            survey.report(f"“{href}” is not a page of this course.", line)
        return page or ""
    if SCHEME.match(href):
        return href
    asset = setting.find_asset(href)
    survey.assets.append(href)
    if asset is None:
        survey.report(f"the file “{href}” does not exist (link to a lesson as lesson:ID).", line)
    return asset.url if asset else ""


def _term_start(env: Env, tokens: Tokens, index: int) -> str:
    """Return the start of words that open a definition. Without a term in the address, the words are the term."""
    survey, setting, line = _survey(env), env["setting"], _token_line(tokens[index])
    end = next(at for at in range(index, len(tokens)) if tokens[at].type == "link_close")
    word = unquote(str(tokens[index].attrs["href"]).removeprefix(TERM_LINK))
    word = word or plain_text(list(tokens[index + 1 : end])).replace("\n", " ")
    term: str | None = setting.find_term(word)
    if not survey.is_page:
        survey.report("only a lesson can mark a term of the glossary.", line)
    elif term is None:
        survey.report(f"“{word}” is not a term of glossary.yaml.", line)
    return f'<span data-term="{escape(term or "")}">'


def _callout(name: str, token: Token) -> str:
    return f'<div data-callout="{name}" role="note" aria-label="{CALLOUTS[name]}">{_title_html(token.meta["title"])}\n'


def _title_html(title: str) -> str:
    return f"<p data-title>{escape(title)}</p>" if title else ""


def _details(summary: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>\n"
