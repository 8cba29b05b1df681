"""Rules about our source text that no linter checks."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = (
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
)
LAYERS_WITHOUT_CLOCK = {"rules", "services", "selectors", "models", "types"}
# Second factors are stored in allauth's tables, which change in its pages, in the admin and in commands. Only a signal
# sees all changes.
WATCHES_ALLAUTH = ROOT / "accounts" / "adapters.py"
UNFINISHED = "|".join(rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME", "X" + "XX"))


def modules() -> list[Path]:
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return [file for file in files if "migrations" not in file.parts and "runner" not in file.parts]


def lines_matching(pattern: str, files: list[Path]) -> list[str]:
    """Return the lines on which a match begins; a match may go on over the next lines, as a tag does."""
    return [
        f"{file.relative_to(ROOT)}:{text.count('\n', 0, found.start()) + 1}: {found[0].strip()}"
        for file in files
        for text in [file.read_text()]
        for found in re.finditer(pattern, text, re.MULTILINE)
    ]


def templates() -> list[Path]:
    return [*(ROOT / "templates").rglob("*.html"), *(ROOT / "questions" / "types").rglob("*.html")]


def test_the_folders_of_tests_mirror_the_packages():
    portal = {path.parent.name for path in (ROOT / "portal").glob("*/__init__.py")}
    tested = {path.relative_to(ROOT / "tests" / "portal").parts[0] for path in ROOT.glob("tests/portal/*/**/test_*.py")}
    assert tested == portal
    assert [name for name in PACKAGES if not list((ROOT / "tests" / name).glob("**/test_*.py"))] == []


@pytest.mark.parametrize(
    ("law", "pattern"),
    [
        ("no signals between apps", r"django\.dispatch|@receiver|\b(pre|post)_(save|delete|init)\b|m2m_changed"),
        ("no models by name", r"\bget_model\("),
        ("no generic foreign keys", r"GenericForeignKey|GenericRelation|contenttypes\.(models|fields)"),
    ],
)
def test_the_apps_are_coupled_by_imports_alone(law, pattern):
    found = lines_matching(pattern, [file for file in modules() if file != WATCHES_ALLAUTH])
    assert found == [], law


DECIDES_ACCESS = ROOT / "people" / "access.py"


def test_access_to_a_course_is_decided_in_one_module():
    outside = [file for file in modules() if file != DECIDES_ACCESS and file.name != "people.py"]
    assert lines_matching(r"Refusal\(\W*(not_enrolled|preview_only)|\.is_learner\b", outside) == []
    assert len(lines_matching(r"Refusal\(\W*(not_enrolled|preview_only)", [DECIDES_ACCESS])) == 3


KNOW_MARGINS = {ROOT / "quizzes" / "rules" / "timing.py", ROOT / "quizzes" / "models" / "sittings.py"}


def test_the_margins_around_a_deadline_are_stated_once():
    outside = [file for file in modules() if file not in KNOW_MARGINS]
    assert lines_matching(r"\bSETTLEMENT\b|\bNETWORK_GRACE\b|deadline_at__(gt|lte?|gte)=now", outside) == []


WRITES_CSV = ROOT / "people" / "rules" / "spreadsheets.py"


def test_csv_is_written_in_one_module_which_lets_nothing_become_a_formula():
    outside = [file for file in modules() if file != WRITES_CSV]
    assert lines_matching(r"csv\.(writer|DictWriter)\b|from csv import", outside) == []


PLANS = {"PreparedQuery", "PreparedInstances", "PreparedInsert", "PreparedUpdate"}


def plans_taken(file: Path) -> list[str]:
    """Return the functions of a module that take a prepared query as an argument."""
    functions = (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef))
    return [
        f"{file.name}:{function.lineno}: {function.name}"
        for function in functions
        for argument in (*function.args.args, *function.args.kwonlyargs, *function.args.posonlyargs)
        if argument.annotation and PLANS & set(re.findall(r"\w+", ast.unparse(argument.annotation)))
    ]


def test_no_function_of_a_subject_takes_the_plan_of_a_query():
    """A caller says what it does or needs, and a selector chooses the query."""
    files = [file for file in modules() if ROOT / "foundation" / "fast" not in file.parents]
    assert [where for file in files for where in plans_taken(file)] == []


def test_a_plan_as_an_argument_would_be_seen(tmp_path):
    (tmp_path / "services.py").write_text("def lock(*, learner: int, reads: 'PreparedQuery | None') -> None: ...\n")
    assert plans_taken(tmp_path / "services.py") == ["services.py:1: lock"]


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
    files += [file for file in (ROOT / "ops").rglob("*") if file.is_file() and file.suffix != ".pyc"]
    files += [file for kind in ("css", "js") for file in (ROOT / "static" / kind).rglob(f"*.{kind}")]
    assert lines_matching(UNFINISHED, files) == []


def test_no_module_is_longer_than_400_lines():
    files = [
        *modules(),
        *(file for name in ("labs/runner", "tests", "clients") for file in (ROOT / name).rglob("*.py")),
    ]
    assert [str(file.relative_to(ROOT)) for file in files if len(file.read_text().splitlines()) > 400] == []


def test_below_the_entry_points_now_is_an_argument():
    assert [where for file in modules() if is_below_the_edge(file) for where in clocks_read(file)] == []


def test_programs_that_run_for_long_do_not_follow_a_clock_that_is_set():
    edges = {"tasks.py", "sweep.py", "work.py", "middleware.py", "scope.py", "hashing.py"}
    long_running = [file for file in modules() if file.name in edges]
    assert len(long_running) > len(edges)
    assert lines_matching(r"(now|clock|RECEIVED)(=|: )timezone\.now\b", long_running) == []


def is_below_the_edge(file: Path) -> bool:
    app, *rest = file.relative_to(ROOT).with_suffix("").parts
    return app == "foundation" or any(
        part in LAYERS_WITHOUT_CLOCK for part in rest[:2]
    )  # portal contains packages with separate layers


def clocks_read(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            if called in {
                "timezone.now",
                "datetime.now",
                "dt.datetime.now",
                "datetime.utcnow",
                "time.time",
                "clock.now",
            }:
                yield f"{file.relative_to(ROOT)}:{node.lineno}: {called}()"


RUNNER = ROOT / "labs" / "runner"  # a separate program that uses the words of the product


def names_of(file: Path) -> Iterator[str]:
    """Yield the classes and types that a module defines."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.TypeAlias):
            yield node.name.id


# Each type of question is a package that answers to these names with these arguments: one meaning, many answers.
OF_EVERY_TYPE = {
    "compile", "context", "describe", "describe_key", "examples", "from_form", "is_right", "key_for", "options", "parse",
    "why_wrong",
}  # fmt: skip


def functions_of(file: Path) -> Iterator[str]:
    """Yield the functions that a module defines, private ones too."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def where(file: Path, name: str) -> str:
    path = file.relative_to(ROOT)
    is_of_a_type = path.parts[:2] == ("questions", "types") and len(path.parts) == 4
    return "every type of question" if is_of_a_type and name in OF_EVERY_TYPE else str(path)


FOUND_BY_DJANGO = {"Command", "DatabaseWrapper"}  # the names of a management command's and a database backend's class


def defined_twice(files: Iterable[Path], defined: Callable[[Path], Iterator[str]] = names_of) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in files:
        for name in defined(file):
            if where(file, name) not in found.setdefault(name, []):
                found[name].append(where(file, name))
    return {name: modules for name, modules in found.items() if len(modules) > 1 and name not in FOUND_BY_DJANGO}


# Courses name this probe in probes.py, so it keeps its name beside the model.
NAMED_IN_COURSES = {"Run": ["labs/models.py", "labs/runner/judge/authoring.py"]}


def test_a_class_or_type_name_has_one_meaning_in_the_product_and_its_runner():
    assert defined_twice([*modules(), *sorted(RUNNER.rglob("*.py"))]) == NAMED_IN_COURSES


def test_a_name_with_two_meanings_would_be_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(
            "class Place:\n    pass\n\n\ntype Row = int\n" if name == "one" else "type Place = str\n"
        )
    assert defined_twice(sorted(tmp_path.glob("*.py"))) == {"Place": ["one.py", "two.py"]}


def room_of(file: Path) -> tuple[str, ...]:
    """Return the package of a module: the app, or a package of the portal."""
    parts = file.relative_to(ROOT).parts
    return parts[:2] if parts[0] == "portal" else parts[:1]


def names_imported_elsewhere(files: Iterable[Path]) -> set[str]:
    """Return the names that a module imports from another package of ours."""
    return {
        alias.name
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module
        if tuple(node.module.split(".")[: len(room_of(file))]) != room_of(file)
        for alias in node.names
    }


def test_a_function_that_another_package_imports_has_a_name_with_one_meaning():
    shared = names_imported_elsewhere(modules())
    assert {name: where for name, where in defined_twice(modules(), functions_of).items() if name in shared} == {}


def test_a_function_with_two_meanings_would_be_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    for path, name in (("one.py", "parse"), ("two.py", "_show"), ("three.py", "_show"), ("four.py", "alone")):
        (tmp_path / path).write_text(f"def {name}():\n    pass\n")
    for kind in ("numeric", "text"):
        (tmp_path / "questions" / "types" / kind).mkdir(parents=True)
        (tmp_path / "questions" / "types" / kind / "marking.py").write_text("async def parse():\n    pass\n")
    (tmp_path / "five").mkdir()
    (tmp_path / "five" / "six.py").write_text("from two import _show\nfrom five.seven import alone\n")
    files = sorted(tmp_path.rglob("*.py"))
    assert defined_twice(files, functions_of) == {
        "parse": ["one.py", "every type of question"],
        "_show": ["three.py", "two.py"],
    }
    assert names_imported_elsewhere(files) == {"_show"}
