"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: the code in NumPy
def rebuilt_tied(x, W, b, c):
    code = np.maximum(x @ W + b, 0)
    return 1 / (1 + np.exp(-(code @ W.T + c)))


# %% wrong: one mean of all numbers
# fails: The variance kept
def kept_variance(x, rebuilt):
    return 1 - np.sum((x - rebuilt) ** 2) / np.sum((x - x.mean()) ** 2)


# %% wrong: a network that nobody trains
# fails: Compressed digits beat PCA
def train_autoencoder(images):
    return network().get_weights()
