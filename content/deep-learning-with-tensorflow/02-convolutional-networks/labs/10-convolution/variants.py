"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: NumPy's own convolution
def convolve(x, k, mode):
    return np.convolve(x, k, mode)


# %% wrong: the odd zero goes above and to the left
# fails: Two dimensions with zero padding
def around(image, kernel):
    wanted = [size - 1 for size in kernel.shape]
    return np.pad(image, [(each - each // 2, each // 2) for each in wanted])


# %% wrong: the kernel is not reversed
# fails: One dimension, full
# fails: One dimension, same
# fails: One dimension, valid
def convolve(x, k, mode):
    return np.convolve(x, k[::-1], mode)
