"""The documentation is true: numbers, links, names, commands, variables."""

import ast
import pkgutil
import re
import runpy
import tomllib
from pathlib import Path

import pytest
import yaml

from config.environment import KNOWN, ROOT

PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "foundation/fast/README.md")
DOCS = [*(ROOT / page for page in PAGES), *sorted((ROOT / "docs").rglob("*.md"))]
RULES = (ROOT / "docs" / "rules.md").read_text()
FENCE = re.compile(r"^(`{3,}).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\[((?:`[^`]*`|[^\[\]])*)\]\(([^()\s]+)\)")
COMMAND_FOLDERS = ("*/management/commands/*.py", "*/*/management/commands/*.py")
BUILT_IN = {"migrate", "createsuperuser", "shell", "sendtestmail", "version"}  # Django's own, and that of manage.py
OURS = (
    "config",
    "operations",
    "portal",
    "exchange",
    "announcements",
    "practice",
    "quizzes",
    "questions",
    "labs",
    "grading",
    "lessons",
    "activities",
    "authoring",
    "people",
    "course",
    "mail",
    "records",
    "accounts",
    "foundation",
    "tests",
    "docs",
    "ops",
    "deploy",
    "bench",
    "static",
    "templates",
)
FILES = (".yaml", ".md", ".py", ".json")  # `course.yaml` is a file of a course
BUILT = {"docs/proofs.md", "docs/performance.md"}  # written by `make proofs` and `make bench`
EXAMPLES = {  # what docs/how-to.md adds
    "questions/types/ratio/",
    "portal/pages/views/dates.py",
    "templates/portal/dates.html",
    "tests/portal/pages/test_dates.py",
}


def prose(text: str) -> str:
    """Return the text without fenced blocks, whose brackets are not links."""
    return FENCE.sub("", text)


def links(page: Path) -> list[tuple[str, str]]:
    found = LINK.findall(prose(page.read_text()))
    return [(words, target) for words, target in found if "://" not in target]


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", prose(page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere."""
    wrong = []
    for _, target in links(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            wrong.append(target)
    return wrong


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page):
    examples = CODE.sub("", page.read_text()) if page.name == "course-format.md" else None
    if examples is not None:
        assert LINK.findall(prose(examples)) == []  # this page's links are all examples in code
        return
    assert broken(page) == []


def has_word(file: Path, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", file.read_text()) is not None


def test_every_rule_is_there_once_and_in_order():
    numbers = re.findall(r"^### ([GDI]\d+)\. ", RULES, re.MULTILINE)
    rules = {"G": range(1, 9), "D": range(1, 47), "I": range(1, 13)}
    assert numbers == [f"{letter}{number}" for letter, listed in rules.items() for number in listed]


def test_every_rule_names_its_module():
    rules = re.findall(r"^### ([GDI]\d+)\. (.*?)(?=^##|\Z)", RULES, re.MULTILINE | re.DOTALL)
    places = {number: re.split(r"^(?:Code|Enforced by): ", text, flags=re.MULTILINE)[1:] for number, text in rules}
    assert [number for number, place in places.items() if not LINK.search("".join(place))] == []


def test_names_that_link_to_a_file_are_defined_in_it():
    """`[`name`](file)`: a rule that was moved or renamed must be found missing here."""
    named = [(words.strip("`"), target) for words, target in links(ROOT / "docs" / "rules.md") if words.startswith("`")]
    lost = [name for name, target in named if not has_word(ROOT / "docs" / target, name)]
    assert (len(named) > 40, lost) == (True, [])


def defined_in(file: Path) -> set[str]:
    """Every name that a Python module defines, in its classes too."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def undefined(page: Path) -> list[str]:
    """The names that a page links to a Python module which does not define them."""
    named = [(words.strip("`"), target) for words, target in links(page) if words.startswith("`")]
    modules = [(name, page.parent / target) for name, target in named if target.endswith(".py")]
    return [f"{name} in {file.name}" for name, file in modules if not file.exists() or name not in defined_in(file)]


@pytest.mark.parametrize("name", ["architecture.md", "how-to.md", "front-end.md"])
def test_names_are_defined_in_the_module_they_link_to(name):
    assert undefined(ROOT / "docs" / name) == []


def test_a_name_that_moved_would_be_seen(tmp_path):
    (tmp_path / "one.py").write_text("from two import moved\n\ndef stayed(): moved()\n")
    page = tmp_path / "page.md"
    page.write_text("[`stayed`](one.py) and [`moved`](one.py)")
    assert undefined(page) == ["moved in one.py"]


def is_known(dotted: str) -> bool:
    """Is this dotted name a module, or a name in one?"""
    try:
        pkgutil.resolve_name(dotted)
    except (ImportError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_dotted_names_exist(page):
    """In code, a name with dots that begins with one of our packages is a module, or a name in one."""
    packages = "config|portal|course|grading|quizzes|labs|foundation"
    named = re.findall(rf"`((?:{packages})(?:\.\w+)+)`", prose(page.read_text()))
    assert [name for name in named if not name.endswith(FILES) and not is_known(name)] == []


@pytest.mark.parametrize("name", ["quizzes.lost", "quizzes.models.Lost", "grading.rules.arithmetic.lost"])
def test_a_dotted_name_that_is_gone_would_be_seen(name):
    assert not is_known(name)


def imported(page: Path) -> list[str]:
    """The names that the page's Python examples import from packages of ours."""
    lines = re.findall(r"^ *from ((?:\w+\.)*\w+) import ([\w, ]+)$", page.read_text(), re.MULTILINE)
    return [f"{module}.{name}" for module, names in lines for name in names.split(", ") if module.split(".")[0] in OURS]


def test_examples_of_course_files_are_yaml():
    text = (ROOT / "docs" / "course-format.md").read_text()
    examples = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert examples
    assert all(yaml.safe_load(example) for example in examples)


def test_examples_import_what_exists():
    named = [name for page in DOCS for name in imported(page)]
    assert len(named) > 5
    assert [name for name in named if not is_known(name)] == []


def test_the_picture_of_the_data_model_is_up_to_date():
    page = (ROOT / "docs" / "architecture.md").read_text()
    redrawn = runpy.run_path(str(ROOT / "ops" / "write_data_model.py"))["redrawn"]
    assert redrawn(page) == page, "the models have changed: run `make models`"


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_exist(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:^ {4}|`|&& )make ([a-z]+)\b", page.read_text(), re.MULTILINE)
    assert set(named) - targets == set()


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_manage_commands_exist(page):
    ours = {file.stem for folder in COMMAND_FOLDERS for file in ROOT.glob(folder)}
    named = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text()))
    assert named - ours - BUILT_IN == set()


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_exist(page):
    """In code, a text with a slash that begins with one of our folders is a path."""
    code = re.findall(r"`((?:" + "|".join(OURS) + r")/[\w./-]*)`", page.read_text())
    assert [path for path in code if path not in BUILT | EXAMPLES and not (ROOT / path).exists()] == []


def test_the_operators_variables_are_those_that_are_read():
    """A variable is read by `environment.text("NAME")` or a similar method, or by its full name."""
    page = (ROOT / "docs" / "operations.md").read_text()
    listed = set(re.findall(r"^\| `FINALCHECK_([A-Z_]+)`", page, re.MULTILINE))
    source = "\n".join(file.read_text() for file in (ROOT / "config").rglob("*.py"))
    read = set(re.findall(r"\b(?:text|flag|words|days|whole_number)\(\"([A-Z_]+)\"", source))
    read |= set(re.findall(r"environ\.get\(\"FINALCHECK_([A-Z_]+)\"", source))
    assert listed == read - {"DEMO", "TEST_DATABASE"}  # set by `up` itself; set by the tests
    assert read | {"CHROMIUM", "PASSWORD"} == KNOWN  # read by the tests, and by the API's example


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = {target for _, target in links(folder / "README.md")}
    assert listed == {file.name for file in folder.glob("0*.md")}


def test_the_changelog_begins_with_what_is_unreleased():
    assert titles_of("CHANGELOG.md", "## ")[0] == "Unreleased"


def titles_of(page: str, level: str) -> list[str]:
    return re.findall(rf"^{level}(.+)$", (ROOT / page).read_text(), re.MULTILINE)


def test_the_version_of_the_package_has_release_notes_and_upgrade_notes():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert titles_of("CHANGELOG.md", "## ")[1].split()[0] == version
    assert version in titles_of("docs/upgrading.md", "### ")


def test_a_broken_link_would_be_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](page.md) [d](lost.md)\n```\n[e](nothing.md)\n```\n")
    assert broken(page) == ["#two", "lost.md"]


SENTENCE_ENDS = re.compile(r"(?<![ei]\.[ge])[.?!](?=[)\"”]*\s+[A-Z`\[“*(])")


def crowded_cells(text: str) -> list[str]:
    """Return the cells of Markdown tables that hold more than one sentence."""
    rows = [line for line in FENCE.sub("", text).splitlines() if line.startswith("|")]
    cells = (cell.strip() for row in rows for cell in re.split(r"(?<!\\)\|", row))
    return [cell for cell in cells if SENTENCE_ENDS.search(cell)]


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_cell_of_a_table_holds_at_most_a_sentence(page):
    assert crowded_cells(page.read_text()) == []


def test_a_cell_with_two_sentences_would_be_seen():
    table = "| name | what it is |\n|---|---|\n| `a` | One. Two |\n| `b` | such as e.g. `c`, and no more |\n"
    assert crowded_cells(table) == ["One. Two"]
    assert crowded_cells(f"```\n{table}```\n") == []
