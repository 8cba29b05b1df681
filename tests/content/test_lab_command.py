"""manage.py lab test, on a lab in which something is wrong with every part."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from labs.rules.trying import tried_digest

PROBES = """
from labs.runner.judge.authoring import Call, NearMiss

PROBES = [
    Call(
        name="Twice", points=1, function="twice", draw=lambda rng: (float(rng.uniform(1, 2)),), message="Twice x.",
        reference=lambda x: 2 * x, tolerance=0.1,
        near_misses=[NearMiss("The square.", lambda x: x * x), NearMiss("The same.", lambda x: x * x)],
    ),
    Call(
        name="Same", points=1, function="same", draw=lambda rng: (float(rng.uniform(1, 2)),), message="The same x.",
        accept=lambda answer, x: None,
    ),
]
"""
SOLUTION = "# %%\ndef twice(x):\n    return 2 * x\n\n# %%\ndef same(x):\n    return x\n"
VARIANTS = """
# %% right: three times
def twice(x):
    return 3 * x

# %% wrong: still right
# fails: Twice
# fails: Thrice
def twice(x):
    return x + x
"""


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    texts = {"lab.yaml": "runtime: tf2\n", "probes.py": PROBES, "solution.py": SOLUTION, "variants.py": VARIANTS}
    texts["lab.py"] = SOLUTION.replace("2 * x", "x")
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_every_problem_of_a_lab_is_named(lab: Path):
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("lab", "test", str(lab), stdout=out, stderr=err)
    assert out.getvalue().splitlines()[1:] == [
        "  PROBLEM  2 near misses",
        "  ok       an empty program fails every test",
        "  PROBLEM  the starter fails every test",
        "  ok       the model solution passes",
        "  PROBLEM  right: three times",
        "  PROBLEM  wrong: still right",
        "  ok       cheat: answers NaN",
        "  ok       cheat: answers True",
        "  PROBLEM  cheat: returns its first argument",
        "  ok       cheat: returns an object that equals everything",
        "  ok       cheat: prints that it passed",
        "  ok       cheat: ends its process with success",
    ]
    problems = [line.strip() for line in err.getvalue().splitlines()]
    assert problems[0] == "Twice: “The same.” was not recognized with 20 of 20 seeds."
    assert problems[1] == "“Same” passes."
    assert problems[2].startswith("“Twice”: Twice x. The value is off by ")
    assert problems[3:] == ["There is no test “Thrice”.", "“Twice” passes.", "“Same” passes."]
    assert str(refused.value) == f"6 problems in {lab}."


def test_labs_that_passed_are_recorded_and_others_are_not(lab: Path):
    record = lab.parent / "passed-labs.txt"
    with pytest.raises(CommandError):
        call_command("lab", "test", str(lab), record=record, stdout=StringIO(), stderr=StringIO())
    assert not record.exists()
    texts = {"probes.py": "from labs.runner.judge.authoring import Read\n\nPROBES = [\n    Read(name='A', points=1, "}
    texts["probes.py"] += "variable='a', reference=2, message='a is 2.'),\n]\n"
    texts |= {"solution.py": "a = 2\n", "lab.py": "a = None\n", "variants.py": ""}
    for name, text in texts.items():
        (lab / name).write_text(text)
    call_command("lab", "test", str(lab), record=record, stdout=StringIO(), stderr=StringIO())
    assert record.read_text() == f"{lab}  {tried_digest(texts, 'tf2', {})}\n"


def test_a_folder_without_a_lab_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match="There is no lab"):
        call_command("lab", "test", str(tmp_path))
