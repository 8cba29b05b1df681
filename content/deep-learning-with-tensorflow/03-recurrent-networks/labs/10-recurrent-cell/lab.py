# %% [markdown]
# The cell of the lesson [The recurrent neural network model](lesson:recurrent-cell), from the single step to the trained network. You write the **step**, the **loop**, the way of the
# **gradient** back through it, and the **training**. The first three are NumPy and a few lines each; they are tested with weights and inputs that you have not seen.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# **1. One step.** `step(x, h, Wx, Wh, b)` returns the next state, $\tanh(x W_x + h W_h + b)$. Inputs and states are rows: `x` is `[batch, inputs]`, `h` is `[batch, units]`. As it stands,
# nothing ever changes.

# %%
def step(x, h, Wx, Wh, b):
    return h  # yours to write

# %% [markdown]
# **2. The loop.** `unroll(x, Wx, Wh, b)` gets a batch of sequences, `[batch, steps, inputs]`, begins with a state of zeros, and returns the states behind all steps, `[batch, steps, units]`.

# %%
def unroll(x, Wx, Wh, b):
    return np.zeros((x.shape[0], x.shape[1], len(b)))  # yours to write

# %% [markdown]
# **3. The way back.** `lengths(states, Wh)` gets the states of *one* sequence, `[steps, units]`, and follows a gradient from the last of them to the first. It begins with ones, one for each
# unit: the derivative of the sum of the last state by itself. At each state, the last one first, multiply the gradient by $1 - h^2$, note its **length** $\sqrt{\sum g^2}$, and carry it
# to the step before with $W_h$: the state went forwards as `h @ Wh`, the gradient goes back as `Wh @ g`. Return the lengths in the order in which you found them.

# %%
def lengths(states, Wh):
    return np.ones(len(states))  # yours to write

# %% [markdown]
# Three networks whose recurrent weights differ by a factor. Run this cell when the functions are done, and find out where the gradient of fifty steps ago has gone.

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

# %% [markdown]
# **4. A switch.** Symbols come in one by one. One of them switches a lamp on, another switches it off, all others do nothing. After each symbol the network is to say whether the lamp is lit. It is told neither which symbols do it nor that
# there is a lamp: it gets examples. Here symbol 0 switches on and symbol 1 off. In the tests others do.

# %%
def switches(generator, on=0, off=1, sequences=1000, steps=12, symbols=5):
    """Symbols as rows with a single 1, [sequences, steps, symbols]; lamp lit or not."""
    drawn = generator.integers(0, symbols, (sequences, steps))
    lit, lamp = np.zeros((sequences, steps)), np.zeros(sequences)
    for t in range(steps):
        lamp = np.where(drawn[:, t] == on, 1, np.where(drawn[:, t] == off, 0, lamp))
        lit[:, t] = lamp
    return np.eye(symbols)[drawn].astype("float32"), lit.astype("float32")


x, lit = switches(np.random.default_rng(0))
print(x[0].argmax(axis=1), lit[0].astype(int))

# %% [markdown]
# Whoever looks at the last symbol only must guess when it is one of the three that do nothing. Three steps of five are such; by always saying the likelier of both one is right in about 0.75 of the cases.
#
# `train(x, lit)` trains a network and returns its weights as a list of five arrays: those of a `SimpleRNN` with `return_sequences=True` (input weights, recurrent weights, bias), then those of a `Dense(1)` with a
# sigmoid (weights, bias). `model.get_weights()` gives just that list. Adam with a rate of 0.01, the loss `binary_crossentropy` and a few epochs are enough; the tests ask for 0.97 on new sequences, some of
# them longer. Labels for `fit` have the shape `[sequences, steps, 1]`. Keras shows the progress by itself.

# %%
def train(x, lit):
    symbols, units = x.shape[2], 16
    # no training yet: weights of zeros; yours to write
    shapes = (symbols, units), (units, units), units, (units, 1), 1
    return [np.zeros(shape) for shape in shapes]


weights = train(x, lit)

# %% [markdown]
# Look at what it has learnt: a sequence twice as long as in training, and below each symbol the probability that the lamp is lit. This uses your `unroll`.

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
