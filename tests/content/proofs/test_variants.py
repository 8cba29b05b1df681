"""Every variant of every model solution, run in the real sandbox: right ones pass, wrong ones fail the tests they name."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from labs.rules.texts import LabText
from labs.rules.variants import Variant, read_variants
from tests.content.shipped import shipped
from tests.content.test_labs import judged
from tests.runner.conftest import Warm

VARIANTS = [
    pytest.param(lab, variant, id=f"{lab.key}: {variant.name}")
    for lab in shipped().labs
    for variant in read_variants(lab.files["variants.py"])
]


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize(("lab", "variant"), VARIANTS)
def test_a_variant_passes_or_fails_the_tests_that_it_names(lab: LabText, variant: Variant, seed: int, best: Warm):
    ran = judged(lab, variant.solution(lab.solution), best, seed=seed)
    assert ran.verdict == "succeeded", ran.text
    failed = {row["name"] for row in ran.end["tests"] if row["verdict"] != "passed"}
    if variant.fails:
        assert set(variant.fails) <= failed
    else:
        assert failed == set()


def test_the_example_lab_passes_the_command():
    example = Path(__file__).parents[2] / "runner" / "judge" / "example"
    out = StringIO()
    call_command("lab", "test", str(example), stdout=out)
    tried = [line.split(maxsplit=1) for line in out.getvalue().splitlines()[1:]]
    assert [name for _, name in tried[1:4]] == [
        "an empty program fails every test",
        "the starter fails every test",
        "the model solution passes",
    ]
    assert (len(tried), {verdict for verdict, _ in tried}) == (12, {"ok"})
