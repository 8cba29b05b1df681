"""Figures that texts and drawings take from a stored record or from another page's listing match their source."""

import csv
import runpy
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from ruamel.yaml import YAML

from course.markup.expectations import read_expectations
from tests.content.shipped import FOLDER, shipped

MODULE = FOLDER / "04-unsupervised-learning"


def promised(listing_id: str) -> dict[str, Decimal]:
    """Return the numbers that a lesson's listing must print, by name."""
    lessons = (lesson for module in shipped().course.modules for lesson in module.lessons)
    listing = next(each for lesson in lessons for each in lesson.listings if each["id"] == listing_id)
    found, _ = read_expectations("; ".join(listing["expect"]))
    return {each.name: Decimal(each.number) for each in found if each.number}


def errors() -> list[tuple[int, float, float]]:
    with (MODULE / "data" / "errors.csv").open(newline="") as file:
        return [(int(epoch), float(numbers), float(bits)) for epoch, numbers, bits in csv.reader(file)]


def test_the_longer_training_ends_where_the_texts_say():
    epoch, numbers, bits = errors()[-1]
    assert (epoch, round(numbers, 3), round(bits, 3)) == (20, 0.033, 0.036)


def test_with_as_many_bits_the_rbm_passes_plain_signs_but_not_rotated_ones():
    plain, rotated = float(promised("few-numbers")["bits"]), float(promised("better-bits")["itq"])
    assert [epoch for epoch, _, bits in errors() if bits < plain][:1] == [4]
    assert rotated < min(bits for _, _, bits in errors())
    assert rotated < float(promised("train-on-digits")["bits"]) < plain


def test_the_lesson_on_training_repeats_the_errors_of_the_introduction():
    lessons = (lesson for module in shipped().course.modules for lesson in module.lessons)
    lesson = next(each for each in lessons if each.key == "training-rbm")
    printed = promised("few-numbers") | promised("better-bits")
    errors_of = [printed[name] for name in ("sixty_four", "bits", "rotated", "itq")]
    assert [f"| {error} |" in lesson.source for error in errors_of] == [True] * 4


def test_the_drawn_errors_of_components_are_those_of_the_listings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(FOLDER / "figures"))
    drawing = runpy.run_path(str(MODULE / "figures" / "unsupervised.py"))
    printed = promised("few-numbers") | promised("better-bits")
    drawn = [Decimal(str(drawing[name])) for name in ("LOWEST", "ROTATED", "HIGHEST")]
    assert drawn == [printed["sixty_four"], printed["itq"], printed["bits"]]


def test_the_bars_of_the_precisions_are_those_of_the_listings():
    printed = promised("hit-rates") | promised("planted-tastes") | promised("likes-and-dislikes")
    drawn = (MODULE / "figures" / "hit-rates.svg").read_text()
    bars = [printed[name] for name in ("popularity", "rbm", "both_rbm", "factors", "similarity", "knows_tastes")]
    assert [f">{share:.2f}<" in drawn for share in bars] == [True] * len(bars)
    assert bars == sorted(bars)


TRIALS: dict[str, Any] = {each["id"]: each for each in YAML(typ="safe").load(FOLDER / "data" / "trials.yaml")}
DRAWN = ("denoisers", "unrolled")  # in figures


def rows() -> list[list[str]]:
    with (FOLDER / "data" / "trials.csv").open(newline="") as file:
        return list(csv.reader(file))


def recorded(trial: str, name: str) -> list[float]:
    """Return what a trial printed after this name, with each recorded seed."""
    return [float(number) for found, _, _, printed, number in rows() if (found, printed) == (trial, name)]


@pytest.mark.parametrize(
    ("trial", "best_first"),
    [
        ("denoisers", ("network", "linear", "gaussian", "median")),
        ("unrolled", ("pca16", "relu", "unrolled", "random_start")),
    ],
)
def test_rivals_come_in_the_order_of_the_text_with_every_recorded_seed(trial: str, best_first: tuple[str, ...]):
    found = [recorded(trial, name) for name in best_first]
    assert [len(errors) for errors in found] == [3] * 4
    assert all(max(better) < min(worse) for better, worse in pairwise(found))


@pytest.mark.parametrize(
    ("trial", "listing"),
    [
        ("denoisers", "noisy-digits"),
        ("denoisers", "convolutional-denoiser"),
        ("denoisers", "convolutional-vae"),
        ("unrolled", "unrolled"),
    ],
)
def test_a_recorded_seed_stays_within_a_tenth_of_what_the_listing_promises(trial: str, listing: str):
    expected = {name: float(number) for name, number in promised(listing).items() if name != "parameters"}
    found = {name: recorded(trial, name) for name in expected}
    assert found == {name: [pytest.approx(number, rel=0.1)] * 3 for name, number in expected.items()}


def spread(values: list[float], decimals: int | None) -> str:
    """Return the smallest and the largest value as a lesson writes them: percentages, or numbers with these decimals."""
    least, most = min(values), max(values)
    if least == most == 1:
        return "100 % in each run"
    if decimals is None:
        return f"{100 * least:.0f} % to {100 * most:.0f} %"
    return f"{least:.{decimals}f} to {most:.{decimals}f}".replace("-", "−")


QUOTED: dict[tuple[str, str], int | None] = {  # by trial and name: the decimals, or None for percentages
    ("dense-denoiser", "after_4"): 3,
    ("dense-denoiser", "after_12"): 3,
    ("two-vaes", "test_loss"): 0,
    ("two-vaes", "dense_loss"): 0,
    ("neighbors-in-t-sne", "t_sne"): None,
    ("curves", "by_a_curve"): 3,
    ("fourteen-chains", "pcd"): 1,
    ("fourteen-chains", "cd_1"): 1,
    ("distance-after-ten-steps", "after_10"): 3,
    ("untrained-preference", "untrained"): None,
    ("likes-and-dislikes", "both_rbm"): None,
    ("deleted-ratings", "with_mask"): None,
    ("deleted-ratings", "no_mask"): None,
    ("deleted-ratings", "agreement"): None,
    ("deleted-ratings", "als_3"): None,
    ("deleted-ratings", "als_4"): None,
    ("generated-digits", "cd"): None,
    ("generated-digits", "pcd"): None,
    ("generated-digits", "kinds"): 0,
    ("longer-fine-tuning", "unrolled"): 3,
    ("longer-fine-tuning", "random_start"): 3,
    ("longer-fine-tuning", "relu"): 3,
    ("parity-beyond-eight", "after_12"): None,
    ("parity-beyond-eight", "after_50"): None,
    ("simple-cell-over-100-steps", "simple"): None,
    ("patient-cell", "usual"): None,
    ("patient-cell", "patient"): None,
    ("one-bias-alone", "forget_only"): None,
    ("one-bias-alone", "input_only"): None,
    ("six-numbers-per-node", "plain"): None,
    ("equal-sizes", "plain"): None,
    ("equal-sizes", "tensor"): None,
    ("longer-reading", "lstm"): 1,
    ("longer-reading", "after_12"): 1,
    ("missing-vowels", "lstm"): None,
    ("missing-vowels", "gru"): None,
    ("missing-vowels", "both"): None,
    ("one-head", "attention"): 2,
    ("equal-rates", "cd_1_test"): 1,
    ("equal-rates", "pcd_test"): 1,
    ("ablation", "plain"): 3,
    ("ablation", "batch_norm"): 3,
    ("ablation", "two_more"): 3,
    ("ablation", "residual"): 3,
    ("ablation", "augmentation"): 3,
    ("ablation", "weight_decay"): 3,
    ("ablation", "global_pooling"): 3,
    ("constant-and-cosine", "constant_loss"): 2,
    ("constant-and-cosine", "cosine_loss"): 2,
    ("transfer", "from_scratch"): None,
    ("transfer", "random_maps"): None,
    ("transfer", "transferred"): None,
}


@pytest.mark.parametrize(("trial", "name"), QUOTED)
def test_a_lesson_says_how_far_the_recorded_seeds_lie_apart(trial: str, name: str):
    said = spread(recorded(trial, name), QUOTED[trial, name])
    assert said in (FOLDER / TRIALS[trial]["lesson"]).read_text()


def test_every_number_of_a_trial_is_quoted_or_drawn():
    found = {(trial, name) for trial, _, _, name, _ in rows() if trial not in (*DRAWN, "white-paper")}
    assert found == QUOTED.keys()


def test_each_trial_was_recorded_with_all_of_its_seeds_and_in_each_setting():
    settings = set(runpy.run_path(str(FOLDER / "data" / "trials.py"))["SETTINGS"])
    found = {trial: {seed: setting for each, seed, setting, _, _ in rows() if each == trial} for trial in TRIALS}
    assert {trial: len(seeds) for trial, seeds in found.items()} == {key: each["seeds"] for key, each in TRIALS.items()}
    assert {trial for trial, seeds in found.items() if set(seeds.values()) != settings} <= set(DRAWN)


@pytest.mark.parametrize("trial", TRIALS)
def test_a_trial_still_finds_what_it_changes_in_the_listings(trial: str):
    code = runpy.run_path(str(FOLDER / "data" / "trials.py"))["code_of"](TRIALS[trial], 1)
    compile(code, trial, "exec")


def test_with_squared_errors_the_denoiser_returns_the_empty_page():
    empty, found = recorded("white-paper", "empty_page"), recorded("white-paper", "network")
    assert found == pytest.approx(empty, abs=1e-4)
    assert {f"{error:.3f}" for error in found} == {"0.112"}


def test_persistent_chains_are_ahead_in_all_runs_but_one():
    pairs = zip(recorded("generated-digits", "pcd"), recorded("generated-digits", "cd"), strict=True)
    margins = sorted((round(cd - pcd, 3), f"{100 * pcd:.0f} % against {100 * cd:.0f} %") for pcd, cd in pairs)
    assert margins[0] == (-0.07, "82 % against 75 %")
    assert all(margin > 0 for margin, _ in margins[1:])
    lesson = (FOLDER / TRIALS["generated-digits"]["lesson"]).read_text()
    assert margins[0][1] in lesson
    assert "ahead in seven of the eight runs" in lesson


@pytest.mark.parametrize(
    ("trial", "better", "worse", "runs", "said"),
    [
        ("deleted-ratings", "with_mask", "no_mask", 6, "behind the RBM with the mask in every run"),
        ("deleted-ratings", "als_4", "no_mask", 5, "behind ALS with four numbers in five of the six"),
        ("fourteen-chains", "cd_1", "pcd", 5, "in five of them it was worse than CD-1"),
        ("missing-vowels", "gru", "lstm", 4, "ahead with each of four other random seeds"),
        ("ablation", "batch_norm", "plain", 5, "each ahead of the plain network with every seed"),
        ("ablation", "two_more", "plain", 5, "each ahead of the plain network with every seed"),
        ("ablation", "augmentation", "plain", 5, "each ahead of the plain network with every seed"),
        ("constant-and-cosine", "constant_loss", "cosine_loss", 5, "and lower"),
        ("transfer", "transferred", "from_scratch", 5, "for these fifty images the learned kernels help"),
        ("transfer", "from_scratch", "random_maps", 5, "not enough that there are *some* kernels"),
    ],
)
def test_a_lesson_says_in_how_many_runs_a_rival_is_behind(trial: str, better: str, worse: str, runs: int, said: str):
    pairs = zip(recorded(trial, better), recorded(trial, worse), strict=True)
    assert sum(ahead > behind for ahead, behind in pairs) == runs
    assert said in (FOLDER / TRIALS[trial]["lesson"]).read_text()
