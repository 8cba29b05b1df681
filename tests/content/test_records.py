"""Figures that the texts and drawings take from a kept record or from another page's listing: they are the same figures."""

import csv
import runpy
from decimal import Decimal

import pytest

from course.rules.markup.expectations import read_expectations
from tests.content.shipped import FOLDER, shipped

MODULE = FOLDER / "04-unsupervised-learning"


def promised(listing_id: str) -> dict[str, Decimal]:
    """What a lesson's listing is held to print, by name."""
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


def test_with_as_many_bits_the_machine_passes_the_components_by_the_fifth_epoch():
    by_components = float(promised("few-numbers")["bits"])
    assert [epoch for epoch, _, bits in errors() if bits < by_components][:1] == [4]
    assert float(promised("train-on-digits")["bits"]) < by_components


def test_the_drawn_errors_of_components_are_those_of_the_listing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(FOLDER / "figures"))
    drawing = runpy.run_path(str(MODULE / "figures" / "unsupervised.py"))
    printed = promised("few-numbers")
    assert (Decimal(str(drawing["LOWEST"])), Decimal(str(drawing["HIGHEST"]))) == (
        printed["sixty_four"],
        printed["bits"],
    )


def test_the_bars_of_the_hit_rates_are_those_of_the_listing():
    printed, drawn = promised("hit-rates"), (MODULE / "figures" / "hit-rates.svg").read_text()
    rates = [printed[name] for name in ("popularity", "machine", "knows_tastes")]
    assert [f">{rate:.2f}<" in drawn for rate in rates] == [True, True, True]
    assert rates == sorted(rates)
