"""A type is a folder; it is found because it exists."""

import subprocess
import sys
from pathlib import Path

import pytest

from questions import types
from tests import factories
from tests.questions import bodies
from tests.questions.bodies import authored
from tests.questions.test_marking import BLANKS

FOLDER = Path(types.__file__).parent
FIXED_BY_THE_API = (
    "matching",
    "multiple_choice",
    "numeric",
    "ordering",
    "single_choice",
    "tensor_shape",
    "text",
    "true_false",
)


def test_the_types_are_those_of_the_contract():
    assert types.names() == FIXED_BY_THE_API


@pytest.mark.parametrize("table", [bodies.SOURCES, factories.SOURCES, BLANKS], ids=["bodies", "factories", "blanks"])
def test_every_type_is_in_the_tables_of_the_tests(table):
    assert sorted(table) == sorted(types.names())


@pytest.mark.parametrize("name", FIXED_BY_THE_API)
def test_a_type_is_complete(name):
    kind = types.get(name)
    assert (kind.name, str(kind.label)[0].isupper(), kind.input_template) == (name, True, f"{name}/input.html")
    assert sorted(path.name for path in (FOLDER / name).iterdir() if path.name != "__pycache__") == [
        "__init__.py",
        "authoring.py",
        "examples.py",
        "input.html",
        "marking.py",
        "presentation.py",
        "result.html",
    ]


@pytest.mark.parametrize("name", FIXED_BY_THE_API)
def test_controls_mark_as_movable_what_is_shuffled(name):
    """Otherwise, all learners would see what is rendered for one of them in the order of that learner."""
    kind, template = types.get(name), (FOLDER / name / "input.html").read_text()
    assert ("{% movable" in template, kind.moves(authored(name).body)) == (kind.is_shuffled, kind.is_shuffled)


def test_a_matching_question_with_letters_does_not_move():
    """The letters of its right column follow from the order."""
    body = authored("matching", pairs=[["a", "<b>x</b>"], ["b", "two"]]).body
    assert [item["letter"] for item in types.get("matching").context(body, None, None)["rich"]] == ["A", "B", "C"]
    assert not types.get("matching").moves(body)


@pytest.mark.parametrize("name", FIXED_BY_THE_API)
def test_examples_are_right_and_wrong_as_labeled(name):
    kind, question = types.get(name), authored(name)
    marked = [
        kind.is_right(kind.parse(each, question.body), question.key)
        for each in kind.examples(question.body, question.key)
    ]
    assert marked == [True, False]


@pytest.mark.parametrize("name", ["essay", "", "authored", "rows", "..", "numeric.marking"])
def test_a_name_without_a_folder_is_not_a_type(name):
    with pytest.raises(KeyError):
        types.get(name)


def test_no_module_that_all_types_share_imports_one_of_them():
    shared = [path.read_text() for path in FOLDER.glob("*.py")] + [path.read_text() for path in FOLDER.glob("*.html")]
    imports = [
        line for text in shared for line in text.splitlines() if line.startswith(("import", "from", "{% include"))
    ]
    assert [line for line in imports for name in FIXED_BY_THE_API if f".{name}" in line or f"{name}/" in line] == []


def test_a_new_folder_is_a_new_type(tmp_path):
    """A copy of an existing folder under a new name is found and works."""
    program = (
        "import shutil, sys, pathlib; root = pathlib.Path(sys.argv[1]);"
        "import questions.types as types; types.__path__.append(str(root));"
        "shutil.copytree(pathlib.Path(types.__file__).parent / 'numeric', root / 'copied');"
        "print(types.names() == tuple(sorted([*sys.argv[2:], 'copied'])), types.get('copied').parse('0,5', {}))"
    )
    command = [sys.executable, "-c", program, str(tmp_path), *FIXED_BY_THE_API]
    done = subprocess.run(command, cwd=FOLDER.parent.parent, capture_output=True, text=True, check=True)
    assert done.stdout == "True 0.5\n"


@pytest.mark.parametrize("name", types.names())
def test_a_type_says_of_every_response_that_it_cannot_read_that_it_is_saved(name):
    body, kind = bodies.body_of(name), types.get(name)
    problems = {kind.problem_of(raw, body) for raw in (*BLANKS[name], {"no": ["type", "reads"]}, 2.5)}
    assert problems == {str(kind.unreadable)}
    assert str(kind.unreadable).startswith("Saved, but ")
    assert kind.problem_of(bodies.right_response(name), body) == ""
