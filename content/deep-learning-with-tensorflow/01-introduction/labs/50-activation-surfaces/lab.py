# %% [markdown]
# You write five activation functions, draw each as a surface over weight and bias, measure their slopes, and count the units that
# are silent.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# **1. Five functions.** Each gets a tensor of scores of any shape and returns a tensor of the same shape. Write the first four
# from their formulas, with `tf.where`, `tf.exp`, `tf.maximum` and the like:
#
# - `step` is 1 where $z \ge 0$ and 0 elsewhere; `relu` is $\max(0, z)$;
# - `sigmoid` is $1 / (1 + e^{-z})$; `tanh` you can have from it: $\tanh(z) = 2 \sigma(2z) - 1$;
# - `softplus` is $\ln(1 + e^{z})$. As it stands here it is right, and fails at 200: $e^{200}$ is too large for 32 bits. Use that
#   $\ln(1 + e^{z}) = \max(0, z) + \ln(1 + e^{-|z|})$, where no power is ever above 1. (`tf.math.log1p`)


# %%
def step(z):
    return z  # yours to write


def sigmoid(z):
    return z  # yours to write


def tanh(z):
    return -z  # yours to write


def relu(z):
    return z  # yours to write


def softplus(z):
    return tf.math.log(1 + tf.exp(z))  # yours to mend


functions = {
    "step": step,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "softplus": softplus,
}

# %% [markdown]
# **2. A surface.** `surface(name, x, weights, biases)` gets an input `x` and two vectors. It returns a table with a **row for
# each bias** and a **column for each weight**; in it stands $f(w x + b)$, with the function of that name. A bias column of shape
# $(m, 1)$ and a weight row of shape $(n)$ broadcast.


# %%
def surface(name, x, weights, biases):
    return tf.zeros([len(biases), len(weights)]) - 1  # yours to write


# %% [markdown]
# With all of that, this cell draws the landscape of five functions at $x = 1$. It should look like this:
#
# ![Five surfaces over weight and bias: the step is a cliff, sigmoid and tanh are ramps between two plains, ReLU is a plain that bends into a slope, softplus the same with a rounded bend.](../../figures/activation-surfaces.svg)

# %%
grid = np.linspace(-3, 3, 25, dtype="float32")
weight, bias = np.meshgrid(grid, grid)
figure = plt.figure(figsize=(12, 3))
for number, name in enumerate(functions, start=1):
    axes = figure.add_subplot(1, 5, number, projection="3d")
    axes.plot_surface(
        weight,
        bias,
        np.asarray(surface(name, 1.0, grid, grid)),
        cmap="viridis",
    )
    axes.set(title=name, xlabel="weight", ylabel="bias")
plt.show()

# %% [markdown]
# **3. Slopes.** `slope(name, z)` returns the derivative of the function at each score of the vector `z`, found by a
# `tf.GradientTape`. The tape knows no gradient of a comparison and answers `None` for the step: return zeros there.


# %%
def slope(name, z):
    return z * 0 - 1  # yours to write


print("slopes at 0 and 5")
for name in functions:
    print(f"{name:9}", np.asarray(slope(name, tf.constant([0.0, 5.0]))))

# %% [markdown]
# **4. Who fires?** A layer of ReLU units gets a batch `x` (one example a row), `weights` (a column for each unit) and `bias`. A
# unit *fires* for an example if its score is above 0.
#
# - `share_that_fires(x, weights, bias)` is the share of all pairs of example and unit that fire.
# - `dead_units(x, weights, bias)` is the number of units that fire for **no** example.


# %%
def share_that_fires(x, weights, bias):
    return -1.0  # yours to write


def dead_units(x, weights, bias):
    return -1  # yours to write


# %% [markdown]
# The lower the bias, the fewer units fire. Here you see where that stops being thrift: read off the bias below which units die.

# %%
generator = np.random.default_rng(4)
x = generator.normal(size=(100, 8)).astype("float32")
weights = generator.normal(size=(8, 200)).astype("float32") / np.sqrt(
    8
).astype("float32")

biases = np.linspace(-4, 1, 21).astype("float32")
plt.plot(
    biases,
    [float(share_that_fires(x, weights, bias)) for bias in biases],
    label="share that fires",
)
plt.plot(
    biases,
    [float(dead_units(x, weights, bias)) / 200 for bias in biases],
    label="share of dead units",
)
plt.xlabel("bias of all units")
plt.legend()
plt.show()
