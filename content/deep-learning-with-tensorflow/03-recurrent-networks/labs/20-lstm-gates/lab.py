# %% [markdown]
# The lesson [The LSTM model](lesson:long-short-term-memory-model) took an LSTM apart. Here you put one together, gate by gate, until it does the same as the layer of Keras; then you make one that
# remembers for as long as you want.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %% [markdown]
# **1. The gates.** `gates(x, h, W, U, b)` computes $z = x W + h U + b$ and cuts it into four equal parts along the last axis: $i$, $f$, $g$, $o$, in this order. $i$, $f$ and $o$ go through the sigmoid, the candidate $g$ through tanh.
# `x` is `[batch, inputs]`, `h` is `[batch, units]`, `W` is `[inputs, 4 units]`, `U` is `[units, 4 units]`. Return them stacked, `[4, batch, units]`. As it stands, all gates are half open.

# %%
def gates(x, h, W, U, b):
    return np.full((4, *h.shape), 0.5)  # yours to write

# %% [markdown]
# **2. One step.** `step(x, h, c, W, U, b)` returns the new state and the new memory, stacked as `[2, batch, units]`, the state first:
#
# $$ c_t = f \odot c_{t-1} + i \odot g, \qquad h_t = o \odot \tanh(c_t) $$

# %%
def step(x, h, c, W, U, b):
    return np.stack([h, c])  # yours to write

# %% [markdown]
# **3. The loop.** `unroll(x, W, U, b)` takes sequences `[batch, steps, inputs]`, begins with state and memory at zero, and returns the states behind all steps, `[batch, steps, units]`.

# %%
def unroll(x, W, U, b):
    return np.zeros((x.shape[0], x.shape[1], len(b) // 4))  # yours to write

# %% [markdown]
# Does your loop do what Keras does? The difference should be below a millionth.

# %%
tf.keras.utils.set_random_seed(4)
layer = tf.keras.layers.LSTM(8, return_sequences=True)
x = np.random.default_rng(4).normal(size=(2, 10, 3)).astype("float32")
wanted = layer(x).numpy()
print("difference", np.abs(unroll(x, *layer.get_weights()) - wanted).max())

# %% [markdown]
# **4. Two sums.** `parameters(inputs, units)` returns the number of parameters of an LSTM layer, biases included.
#
# `forget_bias(steps, share)` returns the bias at which a forget gate that sees nothing but its bias leaves this share of the memory after so many steps: $\sigma(b)^{\mathrm{steps}} = \mathrm{share}$. Solve it for $b$. (The
# inverse of $p = \sigma(b)$ is $b = \ln \frac{p}{1 - p}$.)

# %%
def parameters(inputs, units):
    return 0  # yours to write


def forget_bias(steps, share):
    return 1.0  # the usual start; yours to write


print(f"for one half after 60 steps: {forget_bias(60, 0.5):.2f}")
steps = np.arange(121)
for bias in (0.0, 1.0, forget_bias(60, 0.5)):
    plt.plot(steps, sigmoid(bias) ** steps, label=f"bias {bias:.2f}")
plt.axvline(60, color="grey", linewidth=0.5)
plt.xlabel("steps")
plt.ylabel("share of the memory that is left")
plt.legend()
plt.show()

# %% [markdown]
# **5. Remember.** A sequence of 60 steps with two features. At the first step the first feature is $+1$ or $-1$, and the second, a mark, is 1. After that come 59 steps of noise without a mark. At the end the network is to say
# which sign it was. In the lab the answer 1 stands for plus. In the tests it may stand for minus, and the two features are turned by an angle, so that each of them holds a
# little of both.

# %%
def signs(generator, sequences=1000, steps=60):
    first = generator.integers(0, 2, sequences)
    x = np.zeros((sequences, steps, 2), "float32")
    x[:, :, 0] = generator.normal(size=(sequences, steps))
    x[:, 0, 0], x[:, 0, 1] = 2 * first - 1, 1
    return x, first.astype("float32")

# %% [markdown]
# `train(x, y)` trains `LSTM(16)` and `Dense(1)` with a sigmoid, and returns their five arrays of weights, as `model.get_weights()` gives them. Started in the usual way it will not learn this in reasonable time. So set the biases of the
# LSTM before you fit: those of the forget gates by your `forget_bias`, and those of the input gates to −3, so that little noise gets in. Before that the model must be built: `tf.keras.Input((None, 2))` as the first
# entry does it. `model.layers[0].set_weights([W, U, b])` sets them. Batches of 50, eight epochs, and
# `Adam(0.01, global_clipnorm=1.0)`: without the clipping, a training now and then reaches 0.99 and falls back to 0.5 in the next epoch, by one exploding step. The tests ask for 0.85 on new sequences.

# %%
def train(x, y):
    units = 16
    # no training yet: weights of zeros; yours to write
    shapes = (2, 4 * units), (units, 4 * units), 4 * units, (units, 1), 1
    return [np.zeros(shape) for shape in shapes]


weights = train(*signs(np.random.default_rng(0)))

# %% [markdown]
# Two sequences with the same noise, one of which began with plus, the other with minus. Below, the memory of all units along the way: where the two lines of a colour stay apart, the sign is still known.

# %%
x, _ = signs(np.random.default_rng(1), sequences=1)
both = np.concatenate([x, x])
both[:, 0, 0] = [1, -1]
h = c = np.zeros((2, 16))
memory = []
for t in range(60):
    h, c = step(both[:, t], h, c, *weights[:3])
    memory.append(c)
memory = np.array(memory)

for unit in np.argsort(-np.abs(memory[-1, 0] - memory[-1, 1]))[:3]:
    (drawn,) = plt.plot(memory[:, 0, unit], label=f"unit {unit}, plus")
    plt.plot(memory[:, 1, unit], "--", color=drawn.get_color(), label=f"unit {unit}, minus")
plt.xlabel("step")
plt.ylabel("memory")
plt.legend(fontsize=8)
plt.show()
