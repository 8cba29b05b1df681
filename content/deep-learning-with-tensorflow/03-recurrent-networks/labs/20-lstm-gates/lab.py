# %% [markdown]
# The lesson [The LSTM model](lesson:long-short-term-memory-model) took an LSTM apart. Here you build one, gate by gate, until it agrees with the Keras layer. Then you train one that
# remembers for as long as you want.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %% [markdown]
# **1. The gates.** `gates(x, h, W, U, b)` computes $z = x W + h U + b$ and splits it into four equal parts along the last axis: $i$, $f$, $g$, $o$, in this order. Apply the sigmoid to $i$, $f$ and $o$, and tanh to the candidate $g$.
# `x` is `[batch, inputs]`, `h` is `[batch, units]`, `W` is `[inputs, 4 units]`, and `U` is `[units, 4 units]`. Return the four stacked, `[4, batch, units]`. In the starter code all gates are half open.

# %%
def gates(x, h, W, U, b):
    return np.full((4, *h.shape), 0.5)  # TODO: your code here

# %% [markdown]
# **2. One step.** `step(x, h, c, W, U, b)` returns the new state and the new memory, stacked as `[2, batch, units]`, with the state first:
#
# $$ c_t = f \odot c_{t-1} + i \odot g, \qquad h_t = o \odot \tanh(c_t) $$

# %%
def step(x, h, c, W, U, b):
    return np.stack([h, c])  # TODO: your code here

# %% [markdown]
# **3. The loop.** `unroll(x, W, U, b)` receives sequences, `[batch, steps, inputs]`. It starts with state and memory at zero and returns the states after all steps, `[batch, steps, units]`.

# %%
def unroll(x, W, U, b):
    return np.zeros((x.shape[0], x.shape[1], len(b) // 4))  # TODO: your code here

# %% [markdown]
# Does your loop agree with Keras? The difference should be less than a millionth.

# %%
tf.keras.utils.set_random_seed(4)
layer = tf.keras.layers.LSTM(8, return_sequences=True)
x = np.random.default_rng(4).normal(size=(2, 10, 3)).astype("float32")
wanted = layer(x).numpy()
print("difference", np.abs(unroll(x, *layer.get_weights()) - wanted).max())

# %% [markdown]
# **4. Two calculations.** `parameters(inputs, units)` returns the number of parameters of an LSTM layer, including biases.
#
# `forget_bias(steps, share)` returns the bias with which a forget gate that depends on nothing else keeps this share of the memory after this many steps: $\sigma(b)^{\mathrm{steps}} = \mathrm{share}$. Solve this equation for $b$. (The
# inverse of $p = \sigma(b)$ is $b = \ln \frac{p}{1 - p}$.)

# %%
def parameters(inputs, units):
    return 0  # TODO: your code here


def forget_bias(steps, share):
    return 1.0  # the usual initial bias; TODO: your code here


print(f"for one half after 60 steps: {forget_bias(60, 0.5):.2f}")
steps = np.arange(121)
for bias in (0.0, 1.0, forget_bias(60, 0.5)):
    plt.plot(steps, sigmoid(bias) ** steps, label=f"bias {bias:.2f}")
plt.axvline(60, color="gray", linewidth=0.5)
plt.xlabel("steps")
plt.ylabel("share of the memory that is left")
plt.legend()
plt.show()

# %% [markdown]
# **5. Remember.** Each sequence has 60 steps with two features. At the first step, the first feature is $+1$ or $-1$, and the second feature, a mark, is 1. The other 59 steps are noise without a mark. At the end the network must say
# which sign came first. In this lab the label 1 means plus. In the tests it may mean minus, and the two features are rotated by an angle, so that each of them contains a
# little of both.

# %%
def signs(generator, sequences=1000, steps=60):
    first = generator.integers(0, 2, sequences)
    x = np.zeros((sequences, steps, 2), "float32")
    x[:, :, 0] = generator.normal(size=(sequences, steps))
    x[:, 0, 0], x[:, 0, 1] = 2 * first - 1, 1
    return x, first.astype("float32")

# %% [markdown]
# `train(x, y)` trains `LSTM(16)` and `Dense(1)` with a sigmoid, and returns their five arrays of weights, in the order of `model.get_weights()`. With the default initialization it will not learn this in reasonable time. So set the biases of the
# LSTM before you call `fit`: those of the forget gates with your `forget_bias`, and those of the input gates to −3, so that little noise gets in. The layer must be built first; `tf.keras.Input((None, 2))` as the first
# entry of the model does that. `model.layers[0].set_weights([W, U, b])` sets the weights. Use batches of 50, eight epochs, and
# `Adam(0.01, global_clipnorm=1.0)`. Without clipping, a run that has reached 99 % sometimes falls back to 50 % in the next epoch, because of one exploding gradient. The tests require an accuracy of 85 % on new sequences.

# %%
def train(x, y):
    units = 16
    # not trained: all weights are zero; TODO: your code here
    shapes = (2, 4 * units), (units, 4 * units), 4 * units, (units, 1), 1
    return [np.zeros(shape) for shape in shapes]


weights = train(*signs(np.random.default_rng(0)))

# %% [markdown]
# Two sequences with the same noise: one starts with plus, the other with minus. The plot shows the memory of the three units that differ most at the end. Where the two lines of a color stay apart, the network still knows the sign.

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
