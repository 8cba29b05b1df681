"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: the closed formula instead of a descent
def fit(x, y):
    slope, intercept = np.polyfit(x, y, 1)
    return slope, intercept


# %% wrong: no intercept
# fails: The best line for new points
# fails: A line found is right for unseen points too
def fit(x, y):
    return np.sum(x * y) / np.sum(x * x), 0.0
