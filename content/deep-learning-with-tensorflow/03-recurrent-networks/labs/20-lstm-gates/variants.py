"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: the bias in one formula
def forget_bias(steps, share):
    return -np.log(share ** (-1 / steps) - 1)


# %% wrong: the state comes from the old memory
# fails: State and memory after one step
# fails: All states of a batch of sequences
def step(x, h, c, W, U, b):
    i, f, g, o = gates(x, h, W, U, b)
    return np.stack([o * np.tanh(c), f * c + i * g])
