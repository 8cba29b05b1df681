"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: the energy as one sum over both indices
def energy(v, h, W, a, b):
    both = tf.einsum("ni,ij,nj->n", v, W, h)
    return -both - tf.linalg.matvec(v, a) - tf.linalg.matvec(h, b)


# %% wrong: no pretraining
# fails: All three layers are trained without labels
def stacked(images):
    start = []
    for size in (784, 256, 256):
        start += [tf.random.normal([size, 256], stddev=0.05), tf.zeros([256])]
    return start


# %% wrong: only the first layer is trained
# fails: All three layers are trained without labels
def stacked(images):
    start = [*rbm(tf.constant(images / np.float32(255)))]
    for _ in range(2):
        start += [tf.random.normal([256, 256], stddev=0.05), tf.zeros([256])]
    return start
