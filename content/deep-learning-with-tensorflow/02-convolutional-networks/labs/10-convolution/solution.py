# %%
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from PIL import Image
from sklearn.datasets import load_sample_image

# %% [markdown]
# Each entry of the signal adds a whole kernel to *full*. No explicit reversal is needed, because this is exactly what
# the reversal in the formula means. The other modes are slices of *full*.

# %%
def convolve(x, k, mode):
    n, m = len(x), len(k)
    full = np.zeros(n + m - 1)
    for place, value in enumerate(x):
        full[place : place + m] += value * k
    start, length = {
        "full": (0, n + m - 1),
        "same": ((m - 1) // 2, n),
        "valid": (m - 1, n - m + 1),
    }[mode]
    return full[start : start + length]

# %%
x, k = np.array([1.0, 2, 3, 4, 5]), np.array([1.0, 0, -1])
for mode in ("full", "same", "valid"):
    print(f"{mode:6}yours {convolve(x, k, mode)}")
    print(f"{'':6}NumPy {np.convolve(x, k, mode)}")

# %% [markdown]
# Half of the zeros, rounded down, go above the image, and the rest below. Then each weight of the kernel multiplies
# the shifted image, and the map is the sum of these products.

# %%
def around(image, kernel):
    """Return the image with the zeros around it that SAME needs."""
    wanted = [size - 1 for size in kernel.shape]
    return np.pad(image, [(each // 2, each - each // 2) for each in wanted])


def correlate(image, kernel, padding):
    image = around(image, kernel) if padding == "SAME" else image
    rows, columns = (
        length - size + 1 for length, size in zip(image.shape, kernel.shape)
    )
    result = np.zeros((rows, columns))
    for (i, j), weight in np.ndenumerate(kernel):
        result += weight * image[i : i + rows, j : j + columns]
    return result

# %%
image = np.arange(1.0, 10).reshape(3, 3)
kernel = np.array([[1.0, -1.0]])
for padding in ("VALID", "SAME"):
    four_axes = image[None, :, :, None], kernel[:, :, None, None]
    print(padding, "yours", correlate(image, kernel, padding).tolist())
    theirs = tf.nn.conv2d(*four_axes, 1, padding)[0, :, :, 0]
    print(padding, "TensorFlow", theirs.numpy().tolist())

# %%
MINE = "mine.jpg"  # the name of your file

if Path(MINE).exists():
    picture = Image.open(MINE).convert("RGB")  # drops the opacity of a PNG
    picture.thumbnail((640, 640))  # shrinks it, if it is larger
    color = np.asarray(picture, dtype="float32")
else:
    color = load_sample_image("china.jpg").astype("float32")
print("height, width, channels:", color.shape)

# %% [markdown]
# A matrix product sums over the last axis, which holds the channels.

# %%
def greyscale(color):
    return color @ np.array([0.299, 0.587, 0.114])

# %%
def edges(gray):
    laplacian = -np.ones((3, 3))
    laplacian[1, 1] = 8
    return np.clip(correlate(gray, laplacian, "VALID") + 128, 0, 255)

# %% [markdown]
# `np.hypot` is the square root of the sum of two squares.

# %%
def gradient_magnitude(gray):
    to_the_right = np.array([[-1, 0, 1]] * 3)
    return np.hypot(
        correlate(gray, to_the_right, "VALID"),
        correlate(gray, to_the_right.T, "VALID"),
    )

# %%
gray = greyscale(color)
pictures = {
    "gray": gray,
    "edges": edges(gray),
    "gradient magnitude": np.clip(gradient_magnitude(gray), 0, 255),
}
figure, axes = plt.subplots(1, 3, figsize=(12, 3))
for place, (name, picture) in zip(axes, pictures.items()):
    place.imshow(picture, cmap="gray", vmin=0, vmax=255)
    place.set_title(name)
    place.axis("off")
plt.show()
