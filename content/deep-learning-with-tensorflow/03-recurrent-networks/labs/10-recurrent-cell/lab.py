# %% [markdown]
# This lab builds the cell of the lesson [The recurrent neural network model](lesson:recurrent-cell), from a single step to a trained network. You write the **step**, the **loop**, the **backward pass** of the
# gradient, and the **training**. The first three are a few lines of NumPy each. The tests use weights and inputs that you have not seen.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# **1. One step.** `step(x, h, Wx, Wh, b)` returns the next state, $\tanh(x W_x + h W_h + b)$. Inputs and states are rows: `x` is `[batch, inputs]`, `h` is `[batch, units]`. The starter code returns the old state
# unchanged.

# %%
def step(x, h, Wx, Wh, b):
    return h  # TODO: your code here

# %% [markdown]
# **2. The loop.** `unroll(x, Wx, Wh, b)` receives a batch of sequences, `[batch, steps, inputs]`. It starts with a state of zeros and returns the states after all steps, `[batch, steps, units]`.

# %%
def unroll(x, Wx, Wh, b):
    return np.zeros((x.shape[0], x.shape[1], len(b)))  # TODO: your code here

# %% [markdown]
# **3. The backward pass.** `lengths(states, Wh)` receives the states of *one* sequence, `[steps, units]`, and follows a gradient from the last state back to the first. Start with a vector of ones, one per unit: the
# derivative of the sum of the last state with respect to that state. Then, at each state from last to first: multiply the gradient by $1 - h^2$, record its **length** $\sqrt{\sum g^2}$, and carry it to the step
# before with $W_h$. The forward pass computed `h @ Wh`, so the backward pass computes `Wh @ g`. Return the lengths in the order in which you recorded them.

# %%
def lengths(states, Wh):
    return np.ones(len(states))  # TODO: your code here

# %% [markdown]
# These three networks differ only in the scale of their recurrent weights. Run this cell when your functions are done, and see how much of the gradient is left after fifty steps.

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
# **4. A switch.** Symbols arrive one by one. One of them switches a lamp on, another one switches it off, and all others do nothing. After each symbol the network must say whether the lamp is on. Nobody tells it which
# symbols matter; it only gets examples. Here, symbol 0 switches the lamp on and symbol 1 switches it off. The tests use other symbols.

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
print(x[0].argmax(axis=1), lit[0].astype(int))

# %% [markdown]
# A model that sees only the last symbol has to guess whenever that symbol does nothing, which happens in three of five steps. Always guessing the more likely answer is right about 75 % of the time.
#
# `train(x, lit)` trains a network and returns its weights as a list of five arrays: those of a `SimpleRNN` with `return_sequences=True` (input weights, recurrent weights, bias), followed by those of a `Dense(1)` with a
# sigmoid (weights, bias). `model.get_weights()` returns exactly this list. Adam with a learning rate of 0.01, the loss `binary_crossentropy` and a few epochs are enough. The tests require an accuracy of 97 % on new
# sequences, some of them longer. The labels for `fit` have the shape `[sequences, steps, 1]`.

# %%
def train(x, lit):
    symbols, units = x.shape[2], 16
    # not trained: all weights are zero; TODO: your code here
    shapes = (symbols, units), (units, units), units, (units, 1), 1
    return [np.zeros(shape) for shape in shapes]


weights = train(x, lit)

# %% [markdown]
# Look at what the network has learned: a sequence twice as long as in training, and the probability that the lamp is on after each symbol. This cell uses your `unroll`.

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
