"""Return the share of flowers whose highest score is that of their species. Runs in a clean sandbox."""

import numpy as np


def score(weights, bias, flowers, species):
    return float(np.mean(np.argmax(flowers @ weights + bias, axis=1) == species))
