# %% [markdown]
# You will write five activation functions, draw each as a surface over weight and bias, measure their slopes, and
# count the units that never fire.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# **1. Five functions.** Each receives a tensor of scores of any shape and returns a tensor of the same shape. Write
# the first four from their formulas, with `tf.where`, `tf.exp`, `tf.maximum` and similar functions:
#
# - `step` is 1 where $z \ge 0$ and 0 elsewhere; `relu` is $\max(0, z)$;
# - `sigmoid` is $1 / (1 + e^{-z})$; you can compute `tanh` from it: $\tanh(z) = 2 \sigma(2z) - 1$;
# - `softplus` is $\ln(1 + e^{z})$. The version below is mathematically correct, but it fails at 200, because
#   $e^{200}$ is too large for 32 bits. Use the identity $\ln(1 + e^{z}) = \max(0, z) + \ln(1 + e^{-|z|})$, in which
#   no exponential is ever above 1, and `tf.math.log1p`.


# %%
def step(z):
    return z  # TODO: your code here


def sigmoid(z):
    return z  # TODO: your code here


def tanh(z):
    return -z  # TODO: your code here


def relu(z):
    return z  # TODO: your code here


def softplus(z):
    return tf.math.log(1 + tf.exp(z))  # TODO: make it work for large z


functions = {
    "step": step,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "softplus": softplus,
}

# %% [markdown]
# **2. A surface.** `surface(name, x, weights, biases)` receives an input `x` and two vectors. It should return a
# table with a **row for each bias** and a **column for each weight**, whose entries are $f(w x + b)$ for the function
# with that name. If the biases are a column of shape $(m, 1)$ and the weights a row of shape $(n)$, broadcasting
# builds the table.


# %%
def surface(name, x, weights, biases):
    return tf.zeros([len(biases), len(weights)]) - 1  # TODO: your code here


# %% [markdown]
# When both parts are correct, this cell draws the surfaces of the five functions at $x = 1$. They should look like
# this:
#
# ![Five surfaces over weight and bias: the step is a cliff, sigmoid and tanh are ramps between two plains, ReLU is a plain that turns into a slope, softplus the same with a rounded edge.](../../figures/activation-surfaces.svg)

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
# **3. Slopes.** `slope(name, z)` should return the derivative of the function at each score in the vector `z`,
# computed by a `tf.GradientTape`. A tape watches constants only on request: call `tape.watch(z)`. If `z` might be a
# NumPy array, convert it first with `tf.convert_to_tensor(z)`. For the step function, the tape returns `None`,
# because a comparison has no gradient; return zeros in that case.


# %%
def slope(name, z):
    return z * 0 - 1  # TODO: your code here


print("slopes at 0 and 5")
for name in functions:
    print(f"{name:9}", np.asarray(slope(name, tf.constant([0.0, 5.0]))))

# %% [markdown]
# **4. Who fires?** A layer of ReLU units receives a batch `x` (one example per row), `weights` (one column for each
# unit) and `bias`. A unit *fires* for an example if its score is above 0.
#
# - `share_that_fires(x, weights, bias)` should return the share of all pairs of an example and a unit in which the
#   unit fires.
# - `dead_units(x, weights, bias)` should return the number of units that fire for **no** example.


# %%
def share_that_fires(x, weights, bias):
    return -1.0  # TODO: your code here


def dead_units(x, weights, bias):
    return -1  # TODO: your code here


# %% [markdown]
# The lower the bias, the fewer units fire. The plot shows when this becomes a problem: read off the bias below which
# units die.

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
