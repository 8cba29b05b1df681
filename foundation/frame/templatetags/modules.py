"""{% module %}: a script, and hints for all modules that it imports, so that a browser need not find them one by one."""

import re
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

IMPORT = re.compile(r"""^import\s[^"';]*"(\.[^"]+)";""", re.MULTILINE)


@register.simple_tag
def module(name: str, nonce: object = None) -> SafeString:
    """Return the element of a module, after a hint for each of its imports. An editor on the page needs the nonce."""
    address = static(name)
    editor = "" if nonce is None else format_html(' nonce="{}" data-editor-nonce', nonce)
    return format_html('{}<script type="module" src="{}"{}></script>', hints(name, address), address, editor)


@cache
def hints(name: str, address: str) -> SafeString:
    """Return the hints for the imports of the module that has this address now."""
    return format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((static(module),) for module in imports_of(name))
    )


def imports_of(name: str) -> list[str]:
    """Return the modules that a module imports, and those that they import, in the order of their distance."""
    modules: dict[str, None] = {name: None}
    waiting = [name]
    while waiting:
        importer = waiting.pop(0)
        for path in IMPORT.findall(Path(str(finders.find(importer))).read_text()):
            imported = normpath(join(dirname(importer), path))
            if imported not in modules:
                modules[imported] = None
                waiting.append(imported)
    return [module for module in modules if module != name]
