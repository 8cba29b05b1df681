"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: dropout as a product
def dropped(a, draws, keep):
    return a * (draws < keep) / keep


# %% wrong: what is kept is not divided
# fails: Dropout keeps the expected value
def dropped(a, draws, keep):
    return np.where(draws < keep, a, 0)
