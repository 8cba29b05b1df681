# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# In the rearranged softplus, the exponent is never positive, so nothing overflows. For large $z$, the second term
# vanishes, and $z$ is left.


# %%
def step(z):
    return tf.where(z >= 0, 1.0, 0.0)


def sigmoid(z):
    return 1 / (1 + tf.exp(-z))


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return tf.maximum(z, 0.0)


def softplus(z):
    return relu(z) + tf.math.log1p(tf.exp(-tf.abs(z)))


functions = {
    "step": step,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "softplus": softplus,
}


# %%
def surface(name, x, weights, biases):
    return functions[name](weights * x + np.asarray(biases)[:, None])


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
# A tape watches a constant only on request. `unconnected_gradients="zero"` asks for zeros instead of `None`.


# %%
def slope(name, z):
    z = tf.convert_to_tensor(z)
    with tf.GradientTape() as tape:
        tape.watch(z)
        value = functions[name](z)
    return tape.gradient(value, z, unconnected_gradients="zero")


print("slopes at 0 and 5")
for name in functions:
    print(f"{name:9}", np.asarray(slope(name, tf.constant([0.0, 5.0]))))


# %%
def share_that_fires(x, weights, bias):
    return np.mean(x @ weights + bias > 0)


def dead_units(x, weights, bias):
    fires_ever = np.any(x @ weights + bias > 0, axis=0)
    return np.sum(~fires_ever)


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
