"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: dropout as a product
def dropped(a, draws, keep):
    return a * (draws < keep) / keep


# %% right: loops in NumPy
def feature_maps(images, kernels, bias):
    images, kernels = np.asarray(images), np.asarray(kernels)
    rows, columns = images.shape[1:3]
    height, width = kernels.shape[:2]
    sides = (height // 2, height // 2), (width // 2, width // 2)
    padded = np.pad(images, [(0, 0), *sides, (0, 0)])
    maps = 0
    for down in range(height):
        for right in range(width):
            part = padded[:, down : down + rows, right : right + columns]
            maps = maps + part @ kernels[down, right]
    return np.maximum(maps + bias, 0)


def tiled(kernels, columns):
    height, width, _, count = kernels.shape
    picture = np.zeros((count // columns * (height + 1), columns * (width + 1)))
    for number in range(count):
        top, left = number // columns * (height + 1), number % columns * (width + 1)
        picture[top : top + height, left : left + width] = kernels[:, :, 0, number]
    return picture


# %% wrong: what is kept is not divided
# fails: Dropout keeps the expected value
def dropped(a, draws, keep):
    return np.where(draws < keep, a, 0)


# %% wrong: the bias comes after the ReLU
# fails: A convolutional layer by hand
def feature_maps(images, kernels, bias):
    return tf.nn.relu(tf.nn.conv2d(images, kernels, 1, "SAME")) + bias


# %% wrong: the tiles fill columns first
# fails: The kernels tiled
def tiled(kernels, columns):
    framed = np.pad(kernels[:, :, 0], [(0, 1), (0, 1), (0, 0)])
    h, w, n = framed.shape
    rows = framed.reshape(h, w, columns, n // columns).transpose(3, 0, 2, 1)
    return rows.reshape(n // columns * h, columns * w)


# %% wrong: no steps of training
# fails: The training learns unseen digits
# fails: Your trained network beats the nearest neighbor
def train(model, images, labels, epochs):
    return model
