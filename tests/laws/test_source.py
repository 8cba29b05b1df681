"""What no linter of ours knows: the house's laws on the text of the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("config", "portal", "course", "grading", "quizzes", "labs")
LAYERS_WITHOUT_CLOCK = {"rules", "services", "selectors", "models", "types"}
UNFINISHED = "|".join(rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME", "X" + "XX"))


def modules() -> list[Path]:
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return [file for file in files if "migrations" not in file.parts and "runner" not in file.parts]


def lines_matching(pattern: str, files: list[Path]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def templates() -> list[Path]:
    return [*(ROOT / "templates").rglob("*.html"), *(ROOT / "quizzes" / "types").rglob("*.html")]


@pytest.mark.parametrize(
    ("law", "pattern"),
    [
        ("no signals between apps", r"django\.dispatch|@receiver|\b(pre|post)_(save|delete|init)\b|m2m_changed"),
        ("no models by name", r"\bget_model\("),
        ("no generic foreign keys", r"GenericForeignKey|GenericRelation|contenttypes\.(models|fields)"),
    ],
)
def test_the_apps_are_coupled_by_imports_alone(law, pattern):
    assert lines_matching(pattern, modules()) == [], law


def test_template_tags_know_no_models():
    tags = [file for file in modules() if "templatetags" in file.parts]
    assert lines_matching(r"^\s*(from|import)\b.*\bmodels\b", tags) == []


def test_templates_trust_no_text():
    assert lines_matching(r"\|\s*safe\b|autoescape\s+off", templates()) == []


def test_templates_have_no_inline_script_or_style():
    assert (
        lines_matching(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son(click|change|input|submit|load|error|focus|blur|toggle|key\w+|mouse\w+|pointer\w+)=|javascript:",
            templates(),
        )
        == []
    )


def test_nothing_is_left_unfinished():
    files = [*modules(), *(ROOT / "labs" / "runner").rglob("*.py"), *templates()]
    files += [file for file in (ROOT / "ops").rglob("*") if file.is_file()]
    files += [file for kind in ("css", "js") for file in (ROOT / "static" / kind).rglob(f"*.{kind}")]
    assert lines_matching(UNFINISHED, files) == []


def test_no_module_is_longer_than_400_lines():
    files = [*modules(), *(ROOT / "labs" / "runner").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    assert [str(file.relative_to(ROOT)) for file in files if len(file.read_text().splitlines()) > 400] == []


def test_below_the_entry_points_now_is_an_argument():
    assert [where for file in modules() if is_below_the_edge(file) for where in clocks_read(file)] == []


def is_below_the_edge(file: Path) -> bool:
    _app, *rest = file.relative_to(ROOT).with_suffix("").parts
    return bool(rest) and rest[0] in LAYERS_WITHOUT_CLOCK


def clocks_read(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            if called in {"timezone.now", "datetime.now", "dt.datetime.now", "datetime.utcnow", "time.time"}:
                yield f"{file.relative_to(ROOT)}:{node.lineno}: {called}()"
