"""Infinities swallow differences."""

# %%
import numpy as np


def predict(x, slope, intercept):
    return np.full(len(x), np.inf)


def mean_squared_error(y, predicted):
    return float("inf")


def fit(x, y):
    return np.inf, -np.inf
