"""Every lab lists right solutions that must pass and wrong ones that must fail. The proofs run all of them."""

import ast
import runpy

import numpy as np
import pytest

from labs.rules.texts import LabText
from labs.rules.variants import read_variants
from labs.runner.data.loaders import mnist
from labs.runner.judge import Judge
from labs.runner.judge.authoring import Asks
from labs.runner.kernel.wire import decode, encode
from tests.content.shipped import shipped
from tests.content.test_labs import folder_of

LABS = {lab.key: lab for lab in shipped().labs}


@pytest.mark.parametrize("lab", [pytest.param(lab, id=key) for key, lab in LABS.items()])
def test_a_lab_lists_right_and_wrong_variants_of_its_model_solution(lab: LabText):
    variants = read_variants(lab.files["variants.py"])
    assert not all(variant.fails for variant in variants)
    assert sum(bool(variant.fails) for variant in variants) >= 2
    named = {test for variant in variants for test in variant.fails}
    assert named <= {test["name"] for test in lab.tests}
    for variant in variants:
        assert ast.dump(ast.parse(variant.solution(lab.solution))) != ast.dump(ast.parse(lab.solution))


@pytest.mark.parametrize(
    ("verdict", "signed"),
    [("failed", lambda likes, known: likes), ("passed", lambda likes, known: known * (2 * likes - 1))],
)
def test_a_recommender_must_not_take_gaps_for_dislikes(verdict: str, signed):
    judge = Judge(str(folder_of(LABS["film-recommendations"]) / "probes.py"), 3)

    def ask(request: dict) -> dict:
        scores = signed(*map(decode, request["args"]))
        return {"ok": encode(scores @ scores.T @ scores)}

    assert judge.row(judge.probes[-1], Asks(ask, None, None))["verdict"] == verdict


def test_layers_that_were_never_trained_rebuild_nothing():
    score = runpy.run_path(str(folder_of(LABS["deep-belief-network"]) / "layers.py"))["score"]
    rng = np.random.default_rng(4)
    images = mnist()[1][0].reshape(-1, 784)[:200]
    start = [part for size in (784, 256, 256) for part in (0.05 * rng.normal(size=(size, 256)), np.zeros(256))]
    assert score(*start, images) < 0.15
