# %% [markdown]
# You write the operation of this module yourself, first along a line and then on a grid, and apply it to a
# photograph. The lesson [Convolution with Python and TensorFlow](lesson:convolution-in-code) has the formulas. The
# tests compare every number, so the pixels at the border count, too.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# **1. One dimension.** `convolve(x, k, mode)` should return the convolution of the signal $x$ with the kernel $k$. As
# in mathematics, the kernel is **reversed** first. `mode` is `"full"`, `"same"` or `"valid"`.
#
# One loop is enough if you think of what each entry of the *signal* contributes: the entry $x_i$ adds $x_i \cdot k$
# to the positions $i, i+1, \dots$ of *full*. The other two modes are slices of *full*. Let $m$ be the length of the
# kernel and $n$ that of the signal, which is never shorter than the kernel. *Valid* drops $m - 1$ numbers at each
# end. *Same* keeps $n$ numbers, beginning with number $\lfloor (m - 1) / 2 \rfloor$, counted from 0.

# %%
def convolve(x, k, mode):
    return np.zeros(len(x))  # TODO: your code here

# %% [markdown]
# For comparison, this cell prints NumPy's result as well. You could simply return it, but then you would have learned
# a function's name instead of an operation.

# %%
x, k = np.array([1.0, 2, 3, 4, 5]), np.array([1.0, 0, -1])
for mode in ("full", "same", "valid"):
    print(f"{mode:6}yours {convolve(x, k, mode)}")
    print(f"{'':6}NumPy {np.convolve(x, k, mode)}")

# %% [markdown]
# **2. Two dimensions.** From here on, we do as networks do: the kernel is **not rotated**. `correlate(image, kernel,
# padding)` receives a grayscale image and a kernel, both with two axes, and `"VALID"` or `"SAME"`.
#
# - `"VALID"`: the kernel never extends over the edge. For an image of $h \times w$ and a kernel of $a \times b$, the
#   map has $h - a + 1$ rows and $w - b + 1$ columns.
# - `"SAME"`: first add zeros around the image, so that the map has the size of the image. A kernel with $a$ rows
#   needs $a - 1$ additional rows of zeros, half of them above the image. If $a - 1$ is odd, the extra row goes
#   **below**; in the same way, an extra column goes **to the right**. `np.pad(image, [(above, below), (left,
#   right)])` does this.
#
# A loop over all positions of a photograph takes seconds. Loop over the few weights of the *kernel* instead: each
# weight multiplies the whole image, shifted, and you add up the products.

# %%
def correlate(image, kernel, padding):
    return np.zeros_like(image)  # TODO: your code here

# %% [markdown]
# This is the smallest interesting case, a kernel of 1 × 2 on an image of 3 × 3, compared with TensorFlow.

# %%
image = np.arange(1.0, 10).reshape(3, 3)
kernel = np.array([[1.0, -1.0]])
for padding in ("VALID", "SAME"):
    four_axes = image[None, :, :, None], kernel[:, :, None, None]
    print(padding, "yours", correlate(image, kernel, padding).tolist())
    theirs = tf.nn.conv2d(*four_axes, 1, padding)[0, :, :, 0]
    print(padding, "TensorFlow", theirs.numpy().tolist())

# %% [markdown]
# **3. A photograph.** You can use your own: upload it to the files of this lab, and write its name below. As long as
# that file does not exist, the lab uses a photograph of a Chinese temple, which comes with scikit-learn.

# %%
from pathlib import Path

from PIL import Image
from sklearn.datasets import load_sample_image

MINE = "mine.jpg"  # the name of your file

if Path(MINE).exists():
    picture = Image.open(MINE).convert("RGB")  # drops the opacity of a PNG
    picture.thumbnail((640, 640))  # shrinks it, if it is larger
    color = np.asarray(picture, dtype="float32")
else:
    color = load_sample_image("china.jpg").astype("float32")
print("height, width, channels:", color.shape)

# %% [markdown]
# `greyscale(color)` receives an array of $h \times w \times 3$ and should return $0.299 R + 0.587 G + 0.114 B$, an
# array of $h \times w$.

# %%
def greyscale(color):
    return color[:, :, 0]  # the red channel only; TODO: your code here

# %% [markdown]
# **4. Edges.** `edges(gray)` should apply the kernel that has an 8 in the middle and −1 in the eight other positions,
# with `VALID`. The result contains positive and negative numbers and cannot be shown as it is, so add 128, and clip
# to 0…255 (`np.clip`).

# %%
def edges(gray):
    return np.zeros((gray.shape[0] - 2, gray.shape[1] - 2))  # TODO: your code here

# %% [markdown]
# **5. The strength of the change.** `gradient_magnitude(gray)` should return $m = \sqrt{g_x^2 + g_y^2}$, without
# adding 128 and without clipping. The change to the right, $g_x$, comes from the kernel whose three rows are all
# $(-1, 0, 1)$. The change downward, $g_y$, comes from the transpose of this kernel. Use `VALID` for both.

# %%
def gradient_magnitude(gray):
    return np.zeros((gray.shape[0] - 2, gray.shape[1] - 2))  # TODO: your code here

# %% [markdown]
# When everything is correct, you see three pictures. In the second, uniform areas are medium gray, and every edge is
# a thin line that is bright on one side and dark on the other; adding 128 has made the sign visible. In the third,
# uniform areas are black, and edges are bright whatever their direction. If the edges of one direction are missing,
# one of the two gradients is missing.

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

# %% [markdown]
# **If you want to go on:** which kernel responds to *vertical* lines but not to horizontal ones? What happens to a
# black-and-white image of text if you blur it first (nine weights of one ninth) and then look for edges? These
# questions are not tested.
