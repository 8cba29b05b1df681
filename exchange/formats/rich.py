"""Write a text of another system in our Markdown, however it is marked up there."""

import re

from markdown_it import MarkdownIt

from exchange.formats.escaping import BREAK
from exchange.formats.markdown import TEX, MarkdownWriter
from exchange.formats.texts import parse_html
from exchange.rules.items import Markup, Rich

HTML_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")


def to_markdown(rich: Rich, writer: MarkdownWriter) -> str:
    """Return a text in our Markdown. Raises UnfitItem."""
    match rich.markup:
        case Markup.HTML:
            writer.children(parse_html(rich.text))
        case Markup.MARKDOWN:
            writer.children(parse_html(MARKDOWN.render(rich.text)))
        case Markup.MOODLE if HTML_TAG.search(rich.text):
            lines = re.sub(r"(?<!>)\n", "<br>", rich.text.strip().replace("\r\n", "\n"))
            writer.children(parse_html(lines))
        case _:
            write_plain(rich.text, writer)
    return writer.written()


def write_plain(text: str, writer: MarkdownWriter) -> None:
    """Write plain text: an empty line ends a paragraph, and every line stays one."""
    for paragraph in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()):
        writer.flush()
        for number, line in enumerate(_lines(paragraph)):
            if number:
                writer.runs.append(BREAK)
            writer.text(line)


def _lines(paragraph: str) -> list[str]:
    """Return the lines of a paragraph. A formula may go over several."""
    return TEX.sub(lambda match: match[0].replace("\n", " "), paragraph).split("\n")
