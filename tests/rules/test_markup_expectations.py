"""The output that a listing promises, and whether actual output keeps the promise."""

from decimal import Decimal

import pytest

from course.markup.expectations import Expectation, read_expectations, unmet_expectations


@pytest.mark.parametrize(
    ("text", "expectations"),
    [
        ("", ()),
        ("loss 0.01", (Expectation("loss 0.01", "loss", "0.01"),)),
        ("loss≈0.01±0.001", (Expectation("loss≈0.01±0.001", "loss", "0.01", Decimal("0.001")),)),
        ("loss ≈ -1e-3 ± 1e-4", (Expectation("loss ≈ -1e-3 ± 1e-4", "loss", "-1e-3", Decimal("1e-4")),)),
        ("(28, 28); done", (Expectation("(28, 28)"), Expectation("done"))),
        ("two words 3", (Expectation("two words 3"),)),
    ],
)
def test_reading(text, expectations):
    assert read_expectations(text) == (expectations, ())


@pytest.mark.parametrize(
    ("text", "output", "is_kept"),
    [
        ("loss≈0.01±0.001", "loss 0.011\n", True),
        ("loss≈0.01±0.001", "loss 0.009", True),
        ("loss≈0.01±0.001", "loss 0.0111", False),
        ("loss≈0.01±0.001", "the loss 0.01", False),
        ("loss≈0.01±0.001", "losses 0.01", False),
        ("loss≈0.01±0.001", "loss 9\nloss 1e-2", True),
        ("loss≈0.01±0.001", "loss 0.01.2", False),
        ("loss≈0.01±0.001", "loss 0.01, as hoped", True),
        ("loss≈0.01±0.001", "", False),
        ("x≈-2±0", "  x   -2.000", True),
        ("a  b", "x a\n b y", True),
        ("a b", "ab", False),
        ("", "", True),
    ],
)
def test_keeping(text, output, is_kept):
    expectations, _ = read_expectations(text)
    assert (unmet_expectations(expectations, output) == ()) is is_kept


def test_all_that_is_not_kept_is_named():
    expectations, _ = read_expectations("a; b; c")
    assert [each.text for each in unmet_expectations(expectations, "b")] == ["a", "c"]
