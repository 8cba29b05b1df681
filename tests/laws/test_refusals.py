"""Each app declares its own refusals, each code once, and nobody raises a code that its app does not know."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from operations.refusals import SENTENCES
from tests.laws.test_source import PACKAGES, ROOT, modules

ROOMS = (
    "foundation",
    "accounts",
    "mail",
    "course",
    "people",
    "lessons",
    "grading",
    "questions",
    "quizzes",
    "labs",
    "announcements",
    "authoring",
    "practice",
    "exchange",
    "portal",
    "operations",
)
BELOW = {room: ROOMS[:place] for place, room in enumerate(ROOMS)}
BELOW["labs"] = tuple(room for room in BELOW["labs"] if room != "quizzes")
BELOW["authoring"] = tuple(room for room in BELOW["authoring"] if room != "announcements")
BELOW["practice"] = tuple(room for room in BELOW["practice"] if room not in ("announcements", "authoring"))


def calls_of(name: str, tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def declared_in(text: str) -> list[str]:
    tables = [call.args[1] for call in calls_of("declare", ast.parse(text))]
    return [ast.literal_eval(key) for table in tables if isinstance(table, ast.Dict) for key in table.keys]


def patterns_of(code: ast.expr) -> list[str]:
    """What a raised code may be, as regular expressions."""
    if isinstance(code, ast.Constant):
        return [re.escape(str(code.value))]
    if isinstance(code, ast.IfExp):
        return patterns_of(code.body) + patterns_of(code.orelse)
    if isinstance(code, ast.JoinedStr):
        return ["".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in code.values)]
    raise ValueError(f"write the code out: {ast.unparse(code)}")


def raised_in(text: str) -> list[str]:
    return [pattern for call in calls_of("Refusal", ast.parse(text)) for pattern in patterns_of(call.args[0])]


def mistakes(app: str, text: str, declared: dict[str, list[str]]) -> list[str]:
    """The codes that a module raises though its app does not know them, and a wrong import of Refusal."""
    known = [code for each in (app, *BELOW[app]) for code in declared[each]]
    raised = raised_in(text)
    found = [pattern for pattern in raised if not any(re.fullmatch(pattern, code) for code in known)]
    is_own = app == "foundation" or f"from {app}.refusals import" in text
    return found + ([] if is_own or not raised else [f"import Refusal from {app}.refusals"])


@pytest.fixture(scope="module")
def declared() -> dict[str, list[str]]:
    return {app: declared_in((ROOT / app / "refusals.py").read_text()) for app in BELOW}


def test_a_code_is_declared_once_and_the_api_and_pages_know_all(declared):
    codes = [code for each in declared.values() for code in each]
    assert sorted(codes) == sorted(set(codes)) == sorted(SENTENCES)
    assert set(PACKAGES) == {*BELOW, "config", "records", "activities"}  # these decline nothing


def test_a_module_raises_what_its_app_or_one_below_declares(declared):
    found = {
        str(path.relative_to(ROOT)): wrong
        for path in modules()
        if (app := app_of(path)) in BELOW and (wrong := mistakes(app, path.read_text(), declared))
    }
    assert found == {}


def app_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def test_a_declared_code_is_raised_somewhere(declared):
    texts = [path.read_text() for path in modules()]
    patterns = {pattern for text in texts for pattern in raised_in(text)}
    assert {code for code in SENTENCES if not any(re.fullmatch(pattern, code) for pattern in patterns)} == set()


def test_a_code_of_another_app_and_a_wrong_import_would_be_seen(declared):
    text = 'from foundation.refusals import Refusal\nraise Refusal("cell_unknown" if x else "not_found")\n'
    assert mistakes("quizzes", text, declared) == ["cell_unknown", "import Refusal from quizzes.refusals"]
    own = 'from labs.refusals import Refusal\nraise Refusal("cell_unknown")\n'
    assert mistakes("labs", own, declared) == []
