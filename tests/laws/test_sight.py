"""Whatever opens to a role that is limited to groups shows only learners in its sight (D42)."""

import ast
import inspect
from pathlib import Path

import pytest

from people.endpoint import Taught
from tests.addresses import workplace_pages
from tests.portal.api.asking import calls
from tests.portal.api.test_matrix import endpoint

# Selectors and services that list or find learners, or what belongs to them, in a whole course.
BY_SIGHT = {
    *("learners_in", "gradebook_learners", "running_sittings", "extra_attempts_given"),
    *("reports_in", "report_by_id", "help_requests_in", "help_request_by_id", "column_lines", "changed_lines"),
    *("lines_in_force", "plan_overrides", "import_overrides", "plan_allowances", "import_allowances"),
    *(
        "group_dates_table",
        "within_sight",
        "announcements_in",
        "announcement_by_id",
        "progress_seen",
        "plan_announcement",
    ),
    *("post_announcement", "correct_announcement", "withdraw_announcement"),
}


def doors():
    """Return the files of the pages and calls that are open to limited roles."""
    views = [pattern.callback for pattern in workplace_pages() if pattern.callback.is_for_limited]
    classes = [cls for cls in map(endpoint, calls()) if issubclass(cls or object, Taught) and cls.is_for_limited]
    files = {Path(inspect.getsourcefile(inspect.unwrap(door))) for door in (*views, *classes)}
    return sorted(files)


def called(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def passes_sight(call):
    """Tell whether an argument of a call is a sight, or is unpacked from a dictionary that the function makes."""
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any("sight" in ast.unparse(argument) for argument in arguments)


def functions(tree):
    """Yield functions and methods; those inside of another belong to it."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from functions(node)
        elif isinstance(node, ast.FunctionDef):
            yield node


def unscoped(tree):
    """Yield the calls that list learners without a sight, by line. They may get it by a dictionary of their function."""
    for function in functions(tree):
        has_order = any(isinstance(node, ast.Constant) and node.value == "sight" for node in ast.walk(function))
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and called(call) in BY_SIGHT:
                is_unpacked = has_order and any(keyword.arg is None for keyword in call.keywords)
                if not (passes_sight(call) or is_unpacked):
                    yield f"{call.lineno}: {called(call)}"


def test_there_are_doors_for_limited_roles():
    assert len(doors()) > 12


def test_each_door_for_limited_roles_passes_the_sight_to_whatever_lists_learners():
    wrong = {path.name: lines for path in doors() if (lines := list(unscoped(ast.parse(path.read_text()))))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("def f(request):\n    learners_in(1)", 1),
        ("def f(request):\n    learners_in(1, sight=request.sight)", 0),
        ("def f(request):\n    order = {'sight': 1}\n    plan_overrides(**order)", 0),
        ("def f(request):\n    order = {'course': 1}\n    plan_overrides(**order)", 1),
        ("class C:\n    def get(self):\n        reports_in(1, self.sight)", 0),
    ],
)
def test_the_law_knows_a_forgotten_sight(text, count):
    assert len(list(unscoped(ast.parse(text)))) == count


def test_every_door_names_what_its_address_says_of_a_learner_by_the_same_word():
    """The gate looks up `learner_id` before the page begins; another word would pass it by."""
    words = {word for pattern in workplace_pages() for word in pattern.pattern.converters}
    assert {word for word in words if "learner" in word or "user" in word or "person" in word} <= {"learner_id"}
