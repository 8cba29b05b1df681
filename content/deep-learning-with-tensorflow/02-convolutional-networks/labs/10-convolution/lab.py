# %% [markdown]
# You write the operation of this module yourself, first along a line, then on a grid, and lay it on a photograph. The lesson
# [Convolution with Python and TensorFlow](lesson:convolution-in-code) has the formulas; here every pixel at the border counts,
# for the tests compare each number.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# **1. One dimension.** `convolve(x, k, mode)` returns the convolution of the signal $x$ with the kernel $k$, in which the kernel is
# **turned around** first, as in mathematics. `mode` is `"full"`, `"same"` or `"valid"`.
#
# A way that needs one loop only: think of what each entry of the *signal* contributes. The entry $x_i$ adds $x_i \cdot k$ to the
# places $i, i+1, \dots$ of *full*. The other two modes are cut out of *full*: *valid* drops $m - 1$ numbers at each end, where $m$ is
# the length of the kernel, and *same* keeps $n$ numbers, beginning with number $\lfloor (m - 1) / 2 \rfloor$. The signal is never
# shorter than the kernel.

# %%
def convolve(x, k, mode):
    return np.zeros(len(x))  # yours to write

# %% [markdown]
# Beside it, what NumPy says. You may of course return that; but then you have learnt a name instead of an operation.

# %%
x, k = np.array([1.0, 2, 3, 4, 5]), np.array([1.0, 0, -1])
for mode in ("full", "same", "valid"):
    print(f"{mode:6}yours {convolve(x, k, mode)}")
    print(f"{'':6}NumPy {np.convolve(x, k, mode)}")

# %% [markdown]
# **2. Two dimensions.** From here on as in networks: the kernel is laid on **unturned**. `correlate(image, kernel, padding)` takes a
# grey image and a kernel, both with two axes, and `"VALID"` or `"SAME"`.
#
# - `"VALID"`: the kernel never hangs over. The map has $h - a + 1$ rows and $w - b + 1$ columns, for an image of $h \times w$ and a kernel of
#   $a \times b$.
# - `"SAME"`: zeros are put around the image first, so that the map has the image's size. A kernel with $a$ rows wants $a - 1$ rows of
#   zeros, half of them above. If $a - 1$ is odd, the row that is left over goes **below**, and the odd column **to the right**.
#   `np.pad(image, [(above, below), (left, right)])` does the work.
#
# A loop over all places of a photograph takes seconds. Loop over the few entries of the *kernel* instead: each multiplies the whole
# image, shifted, and the products are added.

# %%
def correlate(image, kernel, padding):
    return np.zeros_like(image)  # yours to write

# %% [markdown]
# The smallest interesting case, a kernel of 1 × 2 on an image of 3 × 3, beside TensorFlow.

# %%
image = np.arange(1.0, 10).reshape(3, 3)
kernel = np.array([[1.0, -1.0]])
for padding in ("VALID", "SAME"):
    four_axes = image[None, :, :, None], kernel[:, :, None, None]
    print(padding, "yours", correlate(image, kernel, padding).tolist())
    theirs = tf.nn.conv2d(*four_axes, 1, padding)[0, :, :, 0]
    print(padding, "TensorFlow", theirs.numpy().tolist())

# %% [markdown]
# **3. A photograph**, yours if you like: upload it to the files of this lab and write its name below. As long as there is no such file,
# the photograph of a Chinese temple stands in, which scikit-learn brings along.

# %%
from pathlib import Path

from PIL import Image
from sklearn.datasets import load_sample_image

MINE = "mine.jpg"  # the name of your file

if Path(MINE).exists():
    picture = Image.open(MINE).convert("RGB")  # drops the opacity of a PNG
    picture.thumbnail((640, 640))  # shrinks it, if it is larger
    colour = np.asarray(picture, dtype="float32")
else:
    colour = load_sample_image("china.jpg").astype("float32")
print("height, width, channels:", colour.shape)

# %% [markdown]
# `greyscale(colour)` takes an array of $h \times w \times 3$ and returns $0.299 R + 0.587 G + 0.114 B$, an array of $h \times w$.

# %%
def greyscale(colour):
    return colour[:, :, 0]  # the red channel only; yours to write

# %% [markdown]
# **4. Edges.** `edges(grey)` lays the kernel with an 8 in the middle and eight times −1 around it on the image, `VALID`. The result is
# positive and negative, so that it cannot be shown as it is: add a bias of 128 and clip to 0…255 (`np.clip`).

# %%
def edges(grey):
    return np.zeros((grey.shape[0] - 2, grey.shape[1] - 2))  # yours to write

# %% [markdown]
# **5. The strength of the change.** `gradient_magnitude(grey)` returns $m = \sqrt{g_x^2 + g_y^2}$, neither biased nor clipped. The change
# to the right, $g_x$, comes from the kernel whose three rows are all $(-1, 0, 1)$; the change downwards, $g_y$, from the same kernel with rows and
# columns exchanged. Both `VALID`.

# %%
def gradient_magnitude(grey):
    return np.zeros((grey.shape[0] - 2, grey.shape[1] - 2))  # yours to write

# %% [markdown]
# When all of it is right, you see three pictures. In the second, plain areas are of one middle grey, and every edge is a thin line, bright on one side and
# dark on the other: that is the sign which the bias made visible. In the third, plain areas are black and edges glow, whatever their
# direction. If edges of one direction are missing, so is one of the two gradients.

# %%
grey = greyscale(colour)
pictures = {
    "grey": grey,
    "edges": edges(grey),
    "gradient magnitude": np.clip(gradient_magnitude(grey), 0, 255),
}
figure, axes = plt.subplots(1, 3, figsize=(12, 3))
for place, (name, picture) in zip(axes, pictures.items()):
    place.imshow(picture, cmap="gray", vmin=0, vmax=255)
    place.set_title(name)
    place.axis("off")
plt.show()

# %% [markdown]
# **To go on:** which kernel makes *vertical* lines glow, but not horizontal ones? What happens to a black and white picture of text if you blur
# it first (nine times one ninth) and look for edges then? Neither is tested.
