# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %% [markdown]
# One product computes all four parts. Only the candidate uses tanh.

# %%
def gates(x, h, W, U, b):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    return np.stack([sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)])

# %% [markdown]
# The state is computed from the *new* memory.

# %%
def step(x, h, c, W, U, b):
    i, f, g, o = gates(x, h, W, U, b)
    c = f * c + i * g
    return np.stack([o * np.tanh(c), c])

# %%
def unroll(x, W, U, b):
    h = c = np.zeros((len(x), len(b) // 4))
    states = []
    for t in range(x.shape[1]):
        h, c = step(x[:, t], h, c, W, U, b)
        states.append(h)
    return np.stack(states, axis=1)

# %%
tf.keras.utils.set_random_seed(4)
layer = tf.keras.layers.LSTM(8, return_sequences=True)
x = np.random.default_rng(4).normal(size=(2, 10, 3)).astype("float32")
wanted = layer(x).numpy()
print("difference", np.abs(unroll(x, *layer.get_weights()) - wanted).max())

# %% [markdown]
# First compute the gate from the share, then the bias from the gate.

# %%
def parameters(inputs, units):
    return 4 * (inputs * units + units * units + units)


def forget_bias(steps, share):
    gate = share ** (1 / steps)
    return np.log(gate / (1 - gate))


print(f"for one half after 60 steps: {forget_bias(60, 0.5):.2f}")
steps = np.arange(121)
for bias in (0.0, 1.0, forget_bias(60, 0.5)):
    plt.plot(steps, sigmoid(bias) ** steps, label=f"bias {bias:.2f}")
plt.axvline(60, color="gray", linewidth=0.5)
plt.xlabel("steps")
plt.ylabel("share of the memory that is left")
plt.legend()
plt.show()

# %%
def signs(generator, sequences=1000, steps=60):
    first = generator.integers(0, 2, sequences)
    x = np.zeros((sequences, steps, 2), "float32")
    x[:, :, 0] = generator.normal(size=(sequences, steps))
    x[:, 0, 0], x[:, 0, 1] = 2 * first - 1, 1
    return x, first.astype("float32")

# %% [markdown]
# Keras stores the biases of an LSTM in the order of its gates: input, forget, candidate, output.

# %%
def train(x, y):
    tf.keras.utils.set_random_seed(1)
    lstm = tf.keras.layers.LSTM(16)
    model = tf.keras.Sequential([tf.keras.Input((None, 2)), lstm, tf.keras.layers.Dense(1, activation="sigmoid")])
    W, U, b = lstm.get_weights()
    b[:16], b[16:32] = -3.0, forget_bias(x.shape[1], 0.5)
    lstm.set_weights([W, U, b])
    model.compile(tf.keras.optimizers.Adam(0.01, global_clipnorm=1.0), loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=50, epochs=8, verbose=0)
    return model.get_weights()


weights = train(*signs(np.random.default_rng(0)))

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
