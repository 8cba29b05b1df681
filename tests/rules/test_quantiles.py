"""Quantiles of F, by published tables and by properties; tests/quizzes/rules compares them with SciPy."""

import pytest

from quizzes.rules.quantiles import continued, f_below, f_quantile, incomplete_beta

CLOSE = 1e-9


@pytest.mark.parametrize(
    ("probability", "d1", "d2", "x"),
    [
        (0.025, 2, 2, 0.025641025641025644),
        (0.025, 3, 6, 0.06786692300241533),
        (0.025, 9, 81, 0.29242687272713735),
        (0.025, 99, 2871, 0.7380053203925263),
        (0.025, 9999, 469953, 0.972189284511169),
        (0.975, 2, 2, 38.999999999999964),
        (0.975, 3, 6, 6.598798521956471),
        (0.975, 9, 81, 2.275392121369917),
        (0.975, 99, 2871, 1.3042595373264747),
        (0.975, 9999, 469953, 1.0282142450495657),
    ],
)
def test_quantiles_match_published_tables(probability, d1, d2, x):
    assert f_quantile(probability, d1, d2) == pytest.approx(x, rel=CLOSE)
    assert f_below(x, d1, d2) == pytest.approx(probability, rel=CLOSE)


@pytest.mark.parametrize("probability", [1e-6, 0.001, 0.025, 0.5, 0.9, 0.999])
def test_a_quantile_of_two_and_two_degrees_is_exact_to_a_trillionth(probability):
    assert f_quantile(probability, 2, 2) == pytest.approx(probability / (1 - probability), rel=1e-12)


@pytest.mark.parametrize("x", [0.0, 0.1, 0.3, 0.5, 0.9, 1.0])
def test_the_incomplete_beta_function_of_whole_numbers_is_a_polynomial(x):
    assert incomplete_beta(x, 2, 1) == pytest.approx(x**2, abs=CLOSE)
    assert incomplete_beta(x, 1, 3) == pytest.approx(1 - (1 - x) ** 3, abs=CLOSE)
    assert incomplete_beta(x, 2, 2) == pytest.approx(3 * x**2 - 2 * x**3, abs=CLOSE)


def test_cdf_at_zero_is_zero():
    assert (f_below(0.0, 4, 5), f_below(-1.0, 4, 5)) == (0.0, 0.0)


def test_a_fraction_that_does_not_converge_raises(monkeypatch):
    monkeypatch.setattr("quizzes.rules.quantiles.MOST_TERMS", 5)
    with pytest.raises(ArithmeticError, match="does not settle"):
        continued(0.4, 50, 60)
