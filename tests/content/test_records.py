"""Figures that texts and drawings take from a stored record or from another page's listing match their source."""

import csv
import runpy
from decimal import Decimal
from itertools import pairwise

import pytest

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
    printed = promised("hit-rates") | promised("likes-and-dislikes")
    drawn = (MODULE / "figures" / "hit-rates.svg").read_text()
    bars = [printed[name] for name in ("popularity", "rbm", "both_rbm", "factors", "similarity", "knows_tastes")]
    assert [f">{share:.2f}<" in drawn for share in bars] == [True] * len(bars)
    assert bars == sorted(bars)


def recorded(name: str) -> list[float]:
    """Return what listings of module 5 printed after this name, with each recorded seed."""
    with (FOLDER / "05-autoencoders" / "data" / "seeds.csv").open(newline="") as file:
        return [float(number) for _, printed, number in csv.reader(file) if printed == name]


@pytest.mark.parametrize(
    "best_first", [("network", "linear", "gaussian", "median"), ("pca16", "relu", "unrolled", "random_start")]
)
def test_rivals_come_in_the_order_of_the_text_with_every_recorded_seed(best_first: tuple[str, ...]):
    found = [recorded(name) for name in best_first]
    assert [len(errors) for errors in found] == [3] * 4
    assert all(max(better) < min(worse) for better, worse in pairwise(found))


@pytest.mark.parametrize("listing", ["noisy-digits", "convolutional-denoiser", "convolutional-vae", "unrolled"])
def test_a_recorded_seed_stays_within_a_tenth_of_what_the_listing_promises(listing: str):
    expected = {name: float(number) for name, number in promised(listing).items() if name != "parameters"}
    found = {name: recorded(name) for name in expected}
    assert found == {name: [pytest.approx(number, rel=0.1)] * 3 for name, number in expected.items()}
