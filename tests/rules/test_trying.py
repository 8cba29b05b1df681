"""A lab needs a new trial when something changes that decides how its trials end, and only then."""

from dataclasses import replace

import pytest

from labs.rules.texts import LabText
from labs.rules.trying import tried_digest

SCRIPT = "# %% [markdown]\n# Double a number.\n\n# %%\ndef double(x):\n    return x\n"
PROBES = 'PROBES = [Call(name="Doubles", points=2)]\n'
VARIANTS = "# %% right: a sum\ndef double(x):\n    return x + x\n"
LAB = LabText(
    key="double",
    module_key="first",
    title="Double",
    runtime="tf2",
    limits={"wall": 60, "memory": 512},
    objectives=[],
    source=SCRIPT,
    solution=SCRIPT.replace("return x", "return 2 * x"),
    probes=PROBES,
    files={"variants.py": VARIANTS, "helper.py": "FACTOR = 2\n", "numbers.csv": "1,2\n"},
    cells=[],
    tests=[],
    position=1,
)


def needs_a_new_trial(**changes):
    return replace(LAB, **changes).tried != LAB.tried


@pytest.mark.parametrize("script", ["source", "solution"])
def test_a_scripts_code_needs_a_new_trial_and_its_explanations_do_not(script):
    written = getattr(LAB, script)
    assert needs_a_new_trial(**{script: written.replace("return", "return 1 +")})
    assert not needs_a_new_trial(**{script: written.replace("Double a number", "Return twice the number")})


def test_any_other_program_needs_a_new_trial_whatever_changes_in_it():
    """What looks like an explanation there may say what a variant fails."""
    assert needs_a_new_trial(probes=f"# %% [markdown]\n# Two points.\n{PROBES}")
    assert needs_a_new_trial(files={**LAB.files, "variants.py": f"# %% [markdown]\n# Sums.\n{VARIANTS}"})
    assert needs_a_new_trial(files={**LAB.files, "helper.py": "FACTOR = 3\n"})


def test_the_runtime_and_the_limits_need_a_new_trial():
    assert needs_a_new_trial(runtime="tf3")
    assert needs_a_new_trial(limits={"wall": 61, "memory": 512})


def test_nothing_else_needs_a_new_trial():
    assert not needs_a_new_trial(title="Twice", position=2, minutes=30, cells=[{}], tests=[{}])
    assert not needs_a_new_trial(files={**LAB.files, "numbers.csv": "1,3\n"})
    assert not needs_a_new_trial(limits={"memory": 512, "wall": 60})
    assert not needs_a_new_trial(files=dict(reversed(LAB.files.items())))


def test_a_lab_is_the_files_in_its_folder():
    """A tryout has only the files, and their digest is that of the lab that is published afterward."""
    folder = {**LAB.files, "lab.py": LAB.source, "solution.py": LAB.solution, "probes.py": LAB.probes}
    assert LAB.programs == folder
    assert LAB.tried == tried_digest(folder, LAB.runtime, LAB.limits)
