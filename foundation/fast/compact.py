"""Template loaders that do once, for each template and process, what every request would otherwise repeat.

They leave out the indentation of HTML templates, so that pages are as small as if written by hand. Templates are
formatted for their readers: a tag has a line for each attribute. Browsers need none of these line breaks, and rendering
and compressing them costs time. They translate plain texts, because the pages have only one language. And they search a
template for its blocks, which Django does each time a page that extends it is rendered.
"""

import re

from django.conf import settings
from django.template import Node, NodeList, Origin, Template
from django.template.loaders import app_directories, base, cached, filesystem
from django.utils.translation import gettext, override

TEMPLATE_TAG = r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"
HTML_TAG = re.compile(rf"""<[a-zA-Z](?:{TEMPLATE_TAG}|"(?:{TEMPLATE_TAG}|[^"])*"|'[^']*'|[^<>"'])*>""", re.DOTALL)
VERBATIM = re.compile(r"(<(?:pre|textarea|script|style)\b.*?</(?:pre|textarea|script|style)>)", re.DOTALL)
LINE_BREAK = re.compile(r"[ \t]*\n\s*")
PLAIN_TEXT = re.compile(r"""\{% (?:translate|trans) (["'])((?:(?!\1)[^\\%{}])+)\1 %\}""")


def compact(source: str) -> str:
    """Return the template with one space for a line break inside of an HTML tag, and without indentation elsewhere.

    A line break between two elements stays one, because browsers show it as a space.
    """
    parts = VERBATIM.split(source)
    return "".join(part if number % 2 else _compact_part(part) for number, part in enumerate(parts))


def _compact_part(part: str) -> str:
    return LINE_BREAK.sub("\n", HTML_TAG.sub(lambda tag: _compact_tag(tag[0]), part))


def _compact_tag(tag: str) -> str:
    return re.sub(r" (/?>)$", r"\1", LINE_BREAK.sub(" ", tag))


def translated(source: str) -> str:
    """Return the template with the texts of its {% translate %} tags, as far as they need nothing else."""
    with override(settings.LANGUAGE_CODE):
        return PLAIN_TEXT.sub(lambda tag: gettext(tag[2]), source)


class SearchedNodes(NodeList):
    """The nodes of a loaded template. They never change, so those of a type are searched only once."""

    def __init__(self, nodes: NodeList) -> None:
        super().__init__(nodes)
        self.found: dict[type[Node], list[Node]] = {}

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        if nodetype not in self.found:
            self.found[nodetype] = super().get_nodes_by_type(nodetype)
        return self.found[nodetype]


class SearchedLoader(base.Loader):
    """Makes the templates that the cached loader keeps."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template: Template = super().get_template(template_name, skip)
        template.nodelist = SearchedNodes(template.nodelist)
        return template


class CachedLoader(cached.Loader, SearchedLoader):
    """Keeps each template in the memory of the process, and what was searched in it."""


class FilesystemLoader(filesystem.Loader):
    """Loads the product's templates."""

    def get_contents(self, origin: Origin) -> str:
        return _prepared(origin, super().get_contents(origin))


class AppDirectoriesLoader(app_directories.Loader):
    """Loads the templates of installed apps."""

    def get_contents(self, origin: Origin) -> str:
        return _prepared(origin, super().get_contents(origin))


def _prepared(origin: Origin, source: str) -> str:
    source = translated(source)
    return compact(source) if str(origin.name).endswith(".html") else source
