"""A page names every module that it will load, so that a browser asks for all of them at once."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template

from config.environment import ROOT
from foundation.frame.templatetags.modules import IMPORT, imports_of

EXPORT = re.compile(r"^export (?:async )?(?:function\*?|const|class) (\w+)", re.MULTILINE)
CALL = re.compile(r"(?<![.\w#])(\w+)\(")
BRACES = re.compile(r"\{([^{}]*)\}")  # of an import, or of what is taken from an imported module
OWN_NAME = re.compile(r"(?:function\*?|const|let|class) (\w+)|^  (?:async |static )?\*?(\w+)\(.*\{$", re.MULTILINE)
OWN = sorted(f"js/{path.name}" for path in (ROOT / "static/js").glob("*.js"))


def rendered(text: str, **values: object) -> str:
    return Template("{% load modules %}" + text).render(Context(values))


def test_the_hints_name_the_imports_of_imports_once_and_come_before_the_script():
    named = re.findall(r'(?:href|src)="/static/([^"]+)"', rendered('{% module "js/exam.js" %}'))
    imported = ("clock", "ends", "navigator", "ordering", "outbox", "paper", "questions", "words")
    assert sorted(named) == sorted(f"js/{name}.js" for name in (*imported, "exam"))
    assert named[-1] == "js/exam.js"


def test_a_module_without_imports_has_no_hints():
    assert rendered('{% module "js/words.js" %}') == '<script type="module" src="/static/js/words.js"></script>'


def test_only_a_page_with_an_editor_hands_its_nonce_to_the_script():
    with_editor = rendered('{% module "js/words.js" nonce=csp_nonce %}', csp_nonce="abc")
    assert with_editor == '<script type="module" src="/static/js/words.js" nonce="abc" data-editor-nonce></script>'


def test_what_is_imported_later_is_not_hinted_at():
    assert not {"js/run-listing.js", "js/editor.js"} & set(imports_of("js/lesson.js"))


@pytest.mark.parametrize("name", OWN)
def test_every_import_of_a_module_is_found(name):
    text = Path(str(finders.find(name))).read_text()
    statements = re.findall(r"^import\b(?!\()|^export\b.*\bfrom \"", text, re.MULTILINE)
    assert len(IMPORT.findall(text)) == len(statements)
    assert [each for each in imports_of(name) if not finders.find(each)] == []


def known_names(text: str) -> set[str]:
    """Return the names that a module imports or defines, its methods among them."""
    imported = {name.strip().split(" as ")[-1] for names in BRACES.findall(text) for name in names.split(",")}
    return imported | {name for found in OWN_NAME.findall(text) for name in found}


def test_a_module_imports_every_function_of_another_that_it_calls():
    texts = {path.name: re.sub(r"//.*", "", path.read_text()) for path in (ROOT / "static/js").glob("*.js")}
    exported = {name for text in texts.values() for name in EXPORT.findall(text)}
    missing = {name: sorted({*CALL.findall(text)} & exported - known_names(text)) for name, text in texts.items()}
    assert {name: calls for name, calls in missing.items() if calls} == {}


def test_no_template_loads_a_module_without_its_hints():
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "questions").rglob("*.html")]
    assert [str(file) for file in files if 'type="module"' in file.read_text()] == []
