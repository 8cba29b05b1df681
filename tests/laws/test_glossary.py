"""The glossary names what the product has: each name in its column "in code" leads to a class, a function or a file."""

import importlib
import re
from collections.abc import Iterator

import pytest

from tests.laws.test_source import PACKAGES, ROOT, modules, names_of

GLOSSARY = ROOT / "docs" / "glossary.md"
TYPE = re.compile(r"[A-Z][a-z]\w*")


def rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each row's words, and the names in its column "in code"."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("|") and len(cells) > 2 and cells[0].strip() != "word" and not line.startswith("|-"):
            yield cells[0], re.findall(r"`([^`]+)`", cells[2])


def imported(name: str) -> object:
    """The module, class or function of this dotted name, or None."""
    module, _, rest = name, "", ""
    while module:
        try:
            found: object = importlib.import_module(module)
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            rest = f"{last}.{rest}" if rest else last
            continue
        for part in filter(None, rest.split(".")):
            found = getattr(found, part, None)
        return found
    return None


def is_there(name: str) -> bool:
    first, _, attribute = name.partition(".")
    if name.endswith("/"):
        return any((ROOT / folder / name).is_dir() for folder in ("", *PACKAGES))
    if first in PACKAGES:
        return imported(name) is not None
    if name.startswith("manage.py "):
        return any(ROOT.glob(f"*/**/management/commands/{name.split()[1]}.py"))
    if name.endswith(".py"):
        return any((ROOT / "content").rglob(name))
    if TYPE.fullmatch(first):
        homes = [file for file in modules() if first in names_of(file)]
        return any(re.search(rf"\b{attribute}\b", file.read_text()) for file in homes)
    return any(re.search(rf"\b{name}\b", file.read_text()) for file in modules())


def missing(text: str) -> list[str]:
    found = []
    for words, names in rows(text):
        found += [name for name in names if not is_there(name)]
        if len(names) == 1 and names[0].endswith(".models"):
            models = imported(names[0])
            found += [word for word in TYPE.findall(words) if not hasattr(models, word)]
    return found


def test_each_name_in_the_glossary_is_in_the_product():
    assert missing(GLOSSARY.read_text()) == []


def test_the_glossary_is_read():
    read = list(rows(GLOSSARY.read_text()))
    assert len(read) > 40
    assert ("SittingExtension", ["quizzes.models.SittingExtension"]) in read


@pytest.mark.parametrize(
    ("row", "gone"),
    [
        ("| Quiz | a set of questions | `quizzes.models.Quiz` | |", ["quizzes.models.Quiz"]),
        ("| Course, Chapter | what is taught | `course.models` | |", ["Chapter"]),
        ("| draft | a response | `SittingQuestion.scribble`, `quizzes/kinds/` | |", ["SittingQuestion.scribble", "quizzes/kinds/"]),
        ("| grace | five seconds | `NETWORK_MERCY` | |", ["NETWORK_MERCY"]),
        ("| sweeper | a process | `manage.py mop` | |", ["manage.py mop"]),
    ],
)  # fmt: skip
def test_a_name_that_is_not_there_would_be_seen(row, gone):
    assert missing(row) == gone
