"""Quantiles of the F distribution, for the interval of alpha.

F(d1, d2) is below x with probability I(d1 x / (d1 x + d2); d1 / 2, d2 / 2), where I is the regularized incomplete beta
function (DLMF 8.17), computed here from its continued fraction (DLMF 8.17.22) by Lentz's method.
"""

from math import exp, lgamma, log, log1p

TINY = 1e-300
PRECISION = 1e-15
MOST_TERMS = 20_000


def f_quantile(probability: float, d1: float, d2: float) -> float:
    """Return the x that F(d1, d2) is below with `probability`, 0 < probability < 1. By bisection, to 1e-12 of x."""
    low, high = 0.0, 1.0
    while f_below(high, d1, d2) < probability:
        low, high = high, high * 2
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if f_below(middle, d1, d2) < probability else (low, middle)
    return (low + high) / 2


def f_below(x: float, d1: float, d2: float) -> float:
    """Return the probability of F(d1, d2) < x."""
    return incomplete_beta(d1 * x / (d1 * x + d2), d1 / 2, d2 / 2) if x > 0 else 0.0


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Return I(x; a, b), computed on the side where the continued fraction converges fast."""
    if x in (0.0, 1.0):
        return x
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front / continued(x, a, b)


def continued(x: float, a: float, b: float) -> float:
    """Return the continued fraction 1 + d1/(1 + d2/(1 + …)). Raises ArithmeticError if it does not converge."""
    value, above, below = 1.0, 1.0, 0.0
    for term in range(1, MOST_TERMS):
        step = coefficient(term, x, a, b)
        below = 1 / away_from_zero(1 + step * below)
        above = away_from_zero(1 + step / above)
        value *= above * below
        if abs(above * below - 1) < PRECISION:
            return value
    raise ArithmeticError(f"the incomplete beta function does not settle at {x}, {a}, {b}")


def coefficient(term: int, x: float, a: float, b: float) -> float:
    """Return the coefficient d of a term of the continued fraction (DLMF 8.17.23)."""
    m, is_odd = divmod(term, 2)
    if is_odd:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))


def away_from_zero(value: float) -> float:
    """Return the value, or a tiny one in place of 0, as Lentz's method requires."""
    return value if abs(value) > TINY else TINY
