"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: the closed formula instead of a descent
def fit(x, y, steps=100, rate=0.5):
    slope, intercept = np.polyfit(x, y, 1)
    return slope, intercept


# %% wrong: the intercept stays 0
# fails: The descent finds the best line for other points
# fails: The fitted line predicts unseen points
def fit(x, y, steps=100, rate=0.5):
    return np.sum(x * y) / np.sum(x * x), 0.0


# %% wrong: the line through the logarithms
# fails: The best exponential, not the one from the logarithms
def fit_exponential(x, y):
    b, log_a = np.polyfit(x, np.log(y), 1)
    return np.exp(log_a), b
