# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# A step is a dense layer with two inputs: the element and the previous state.

# %%
def step(x, h, Wx, Wh, b):
    return np.tanh(x @ Wx + h @ Wh + b)

# %%
def unroll(x, Wx, Wh, b):
    h, states = np.zeros((len(x), len(b))), []
    for t in range(x.shape[1]):
        h = step(x[:, t], h, Wx, Wh, b)
        states.append(h)
    return np.stack(states, axis=1)

# %% [markdown]
# Record the length *after* the derivative of tanh and before the weights. The first length belongs to the last state.

# %%
def lengths(states, Wh):
    gradient, found = np.ones(states.shape[1]), []
    for h in states[::-1]:
        gradient = gradient * (1 - h**2)
        found.append(np.linalg.norm(gradient))
        gradient = Wh @ gradient
    return np.array(found)

# %%
generator = np.random.default_rng(3)
rotation = np.linalg.qr(generator.normal(size=(32, 32)))[0]
inputs = generator.normal(size=(1, 50, 2))
Wx = 0.1 * generator.normal(size=(2, 32))

for scale in (0.5, 1.0, 2.0):
    states = unroll(inputs, Wx, scale * rotation, np.zeros(32))
    plt.semilogy(lengths(states[0], scale * rotation), label=f"scale {scale}")
plt.xlabel("steps back")
plt.ylabel("length of the gradient")
plt.legend()
plt.show()

# %%
def switches(generator, on=0, off=1, sequences=1000, steps=12, symbols=5):
    """Return one-hot symbols, [sequences, steps, symbols], and whether the lamp is lit."""
    drawn = generator.integers(0, symbols, (sequences, steps))
    lit, lamp = np.zeros((sequences, steps)), np.zeros(sequences)
    for t in range(steps):
        lamp = np.where(drawn[:, t] == on, 1, np.where(drawn[:, t] == off, 0, lamp))
        lit[:, t] = lamp
    return np.eye(symbols)[drawn].astype("float32"), lit.astype("float32")


x, lit = switches(np.random.default_rng(0))

# %% [markdown]
# The loss covers every step, so every symbol contributes to the gradient. A loss on the last step alone would also work, but needs more examples.

# %%
def train(x, lit):
    tf.keras.utils.set_random_seed(1)
    model = tf.keras.Sequential(
        [
            tf.keras.Input((None, x.shape[2])),
            tf.keras.layers.SimpleRNN(16, return_sequences=True),
            tf.keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(tf.keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    model.fit(x, lit[..., None], batch_size=25, epochs=8, verbose=0)
    return model.get_weights()


weights = train(x, lit)

# %%
x, lit = switches(np.random.default_rng(9), sequences=1, steps=24)
states = unroll(x, *weights[:3])
says = 1 / (1 + np.exp(-(states @ weights[3] + weights[4])))

plt.figure(figsize=(9, 2.5))
plt.step(range(24), lit[0], where="mid", label="lamp")
plt.plot(says[0, :, 0], "o", label="network")
plt.xticks(range(24), x[0].argmax(axis=1))
plt.xlabel("symbol (0 switches on, 1 switches off)")
plt.legend()
plt.show()
