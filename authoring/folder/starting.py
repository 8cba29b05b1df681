"""What a new text or a new lab begins with, so that an author changes something that is right."""

import json
import re

from authoring.folder.sections import FOLDER, NUMBERED, name_in_file, review_name
from authoring.folder.writing import with_value
from lessons.rules.glossary import PATH as GLOSSARY_PATH

TEXT_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.(md|yaml)")
LAB = {
    "lab.yaml": """id: {key}
title: {title}
runtime: tf2
objectives: []
""",
    "lab.py": """# %% [markdown]
# Say here what to do. Learners replace `None`.


# %%
def double(x):
    return None


# %%
double(3)
""",
    "solution.py": """# %%
def double(x):
    return 2 * x


# %%
double(3)
""",
    "probes.py": """from labs.runner.judge.authoring import Call, NearMiss

PROBES = [
    Call(
        name="Twice the number",
        points=1,
        function="double",
        draw=lambda rng: (float(rng.uniform(3, 9)),),
        reference=lambda x: 2 * x,
        tolerance=1e-4,
        message="double(x) returns 2 · x.",
        near_misses=[NearMiss("You squared the number.", lambda x: x * x)],
    ),
]
""",
    "variants.py": """# %% right: a sum
def double(x):
    return x + x


# %% wrong: the number itself
# fails: Twice the number
def double(x):
    return x
""",
}
MODULE = """id: {key}
title: {title}
objectives: []
"""
LESSON = """---
id: {key}
title: {title}
minutes: 10
objectives: []
---

Write here.
"""
QUESTION = """- id: {key}-first
  type: true_false
  objective: {key}
  level: recall
  difficulty: 1
  points: 1
  prompt: Is 2 a prime number?
  answer: true
  explanation: Its only divisors are 1 and 2.
"""
EXAM = """id: {key}
title: {title}
time_limit: 60
show: {{key: release}}
"""
GLOSSARY = """terms:
  - term: {key}
    lesson: {key}
    links_from: {key}
    text: One sentence that explains the term.
"""
BEGINNINGS = {"module.yaml": MODULE, "exam.yaml": EXAM, GLOSSARY_PATH: GLOSSARY}


def is_text_place(path: str) -> bool:
    """Return whether a text may be at this path. Whether the course reads it there, the check says."""
    *folders, name = path.split("/")
    return len(folders) <= 1 and all(map(FOLDER.fullmatch, folders)) and bool(TEXT_NAME.fullmatch(name))


def first_text(path: str) -> str:
    """Return what a new text at this path begins with."""
    folder, _, name = path.rpartition("/")
    quiz, more = name_in_file(path, "exam"), review_name(path)
    stem = name.rpartition(".")[0] if name.endswith(".md") else folder.rpartition("/")[2]
    key = re.sub(r"^\d+-", "", stem) or "new"
    shape = LESSON if name.endswith(".md") else BEGINNINGS.get("exam.yaml" if quiz else name, QUESTION)
    text = shape.format(key=key, title=(quiz or key).replace("-", " ").capitalize())
    if quiz:
        text = with_value(text, ("id",), quiz) or text
    if more:
        text = with_value(text, (0, "id"), f"{more}-first") or text
    return text


def first_exam(path: str, *, key: str, title: str, time_limit: int | str, objective: str) -> dict[str, str]:
    """Return the texts of a new exam by path: its settings, and a pool with one question about this objective."""
    folder = path.rpartition("/")[0]
    exam = EXAM.format(key=key, title=json.dumps(title, ensure_ascii=False))
    exam = with_value(exam, ("time_limit",), time_limit) or exam
    pool = with_value(QUESTION.format(key=key), (0, "objective"), objective) or ""
    return {path: exam, f"{folder}/pool-{key}.yaml": pool}


def first_lab(module: str, name: str) -> dict[str, str]:
    """Return the files of a new lab by path: one that passes every check and trial."""
    key = re.sub(r"^\d+-", "", name)
    values = {"key": key, "title": key.replace("-", " ").capitalize()}
    described = {"lab.yaml": LAB["lab.yaml"].format(**values)}
    return {f"{module}/labs/{name}/{file}": described.get(file, text) for file, text in LAB.items()}


def is_lab_place(module: str, name: str) -> bool:
    """Return whether a lab may have this folder name in this module."""
    return bool(NUMBERED.fullmatch(module)) and bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name))
