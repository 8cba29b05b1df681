"""Draw the tables and foreign keys into docs/architecture.md, as Mermaid diagrams: python ops/write_data_model.py

One diagram for each app. A foreign key to User is written inside its table, because lines to User would hide all others.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402 - the path and the settings come first

if __name__ == "__main__":
    django.setup()

from django.apps import apps  # noqa: E402
from django.db.models import ForeignKey, Model  # noqa: E402

PAGE = ROOT / "docs" / "architecture.md"
OURS = ("course", "quizzes", "grading", "labs", "practice")
BEGIN, END = "<!-- written by `make models` -->\n", "<!-- the end of what `make models` writes -->"


def redrawn(page: str) -> str:
    """Return the page with the diagrams that the models make now."""
    drawn = "\n".join(diagram(label) for label in OURS)
    return re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{drawn}\n{END}", page, flags=re.DOTALL)


def diagram(label: str) -> str:
    """Return the heading and the diagram of one app."""
    lines = [line for model in tables(label) for line in (*table(model), *arrows(model))]
    return "\n".join([f"### `{label}`", "", "```mermaid", "erDiagram", *lines, "```", ""])


def tables(label: str) -> list[type[Model]]:
    """Return the models of an app, in the order of their definition, without the history that a library writes."""
    return [model for model in apps.get_app_config(label).get_models() if not model.__name__.startswith("Historical")]


def table(model: type[Model]) -> Iterator[str]:
    people = [f"        User {key.name}" for key in keys(model) if is_person(key)]
    yield from [f"    {model.__name__} {{", *people, "    }"] if people else [f"    {model.__name__}"]


def arrows(model: type[Model]) -> Iterator[str]:
    for key in keys(model):
        if not is_person(key):
            many, one = "|o" if key.unique else "}o", "o|" if key.null else "||"
            yield f"    {model.__name__} {many}--{one} {target(key).__name__} : {key.name}"


def keys(model: type[Model]) -> list[ForeignKey[Model]]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]


def target(key: ForeignKey[Model]) -> type[Model]:
    model: type[Model] = key.related_model
    return model


def is_person(key: ForeignKey[Model]) -> bool:
    return target(key).__name__ == "User"


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text()))
