"""What the documents say is there: numbers, links, names, commands, variables."""

import re
from pathlib import Path

import pytest

from config.environment import ROOT

DOCS = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
RULES = (ROOT / "docs" / "rules.md").read_text()
FENCE = re.compile(r"^(`{3,}).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\[((?:`[^`]*`|[^\[\]])*)\]\(([^()\s]+)\)")
COMMAND_FOLDERS = "*/management/commands/*.py"
BUILT_IN = {"migrate", "createsuperuser"}  # Django's own
OURS = (
    "config",
    "portal",
    "course",
    "grading",
    "quizzes",
    "labs",
    "tests",
    "docs",
    "ops",
    "bench",
    "static",
    "templates",
)
BUILT = {"docs/proofs.md"}  # written by `make proofs`


def prose(text: str) -> str:
    """Without fenced blocks, whose brackets are not links."""
    return FENCE.sub("", text)


def links(page: Path) -> list[tuple[str, str]]:
    found = LINK.findall(prose(page.read_text()))
    return [(words, target) for words, target in found if "://" not in target]


def is_example(target: str) -> bool:
    """docs/course-format.md shows how an author writes links."""
    return target.startswith(("lesson:", "lab:"))


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", prose(page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
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


def test_every_rule_stands_in_the_tables_once():
    numbers = re.findall(r"^\| ([GDI]\d+) \|", RULES, re.MULTILINE)
    counts = {"G": 8, "D": 28, "I": 12}
    assert numbers == [f"{letter}{number}" for letter, last in counts.items() for number in range(1, last + 1)]


def test_every_rule_says_where_it_lives():
    rows = re.findall(r"^\| ([GDI]\d+) \|.*\| (.*) \|$", RULES, re.MULTILINE)
    assert [number for number, place in rows if not LINK.search(place)] == []


def test_names_that_link_to_a_file_stand_in_it():
    """`[`name`](file)`: a rule that moved or was renamed is found missing here."""
    named = [(words.strip("`"), target) for words, target in links(ROOT / "docs" / "rules.md") if words.startswith("`")]
    lost = [name for name, target in named if not has_word(ROOT / "docs" / target, name)]
    assert (len(named) > 40, lost) == (True, [])


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_exist(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:^ {4}|`|&& )make ([a-z]+)\b", page.read_text(), re.MULTILINE)
    assert set(named) - targets == set()


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_manage_commands_exist(page):
    ours = {file.stem for file in ROOT.glob(COMMAND_FOLDERS)}
    named = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text()))
    assert named - ours - BUILT_IN == set()


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_exist(page):
    """In code, what begins with a folder of ours and has a slash is a path."""
    code = re.findall(r"`((?:" + "|".join(OURS) + r")/[\w./-]*)`", page.read_text())
    assert [path for path in code if path not in BUILT and not (ROOT / path).exists()] == []


def test_the_operators_variables_are_those_that_are_read():
    """A variable is read by `environment.text("NAME")` and its like, or by its full name."""
    page = (ROOT / "docs" / "operations.md").read_text()
    listed = set(re.findall(r"^\| `FINALCHECK_([A-Z_]+)`", page, re.MULTILINE))
    source = "\n".join(file.read_text() for file in (ROOT / "config").rglob("*.py"))
    read = set(re.findall(r"\b(?:text|flag|words)\(\"([A-Z_]+)\"", source))
    read |= set(re.findall(r"environ\.get\(\"FINALCHECK_([A-Z_]+)\"", source))
    assert listed == read - {"DEMO", "TEST_DATABASE"}  # set by `up` itself; set by the tests


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = {target for _, target in links(folder / "README.md")}
    assert listed == {file.name for file in folder.glob("0*.md")}


def test_the_changelog_begins_with_what_is_unreleased():
    titles = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert titles[0] == "Unreleased"


def test_a_broken_link_would_be_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](page.md) [d](lost.md)\n```\n[e](nothing.md)\n```\n")
    assert broken(page) == ["#two", "lost.md"]
