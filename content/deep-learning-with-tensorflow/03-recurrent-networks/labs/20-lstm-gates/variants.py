"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: the bias in one formula
def forget_bias(steps, share):
    return -np.log(share ** (-1 / steps) - 1)


# %% right: tanh as a sigmoid of twice the sum
def gates(x, h, W, U, b):
    parts = np.reshape(x @ W + h @ U + b, (len(x), 4, -1)).transpose(1, 0, 2)
    scale = np.array([1, 1, 2, 1])[:, None, None]
    return scale * sigmoid(scale * parts) - (scale - 1)


# %% wrong: the state comes from the old memory
# fails: State and memory after one step
# fails: All states of a batch of sequences
def step(x, h, c, W, U, b):
    i, f, g, o = gates(x, h, W, U, b)
    return np.stack([o * np.tanh(c), f * c + i * g])


# %% wrong: the candidate has a sigmoid
# fails: Four gates
# fails: State and memory after one step
# fails: All states of a batch of sequences
def gates(x, h, W, U, b):
    return np.stack(np.split(sigmoid(x @ W + h @ U + b), 4, axis=-1))


# %% wrong: the biases are not counted
# fails: The number of parameters
def parameters(inputs, units):
    return 4 * (inputs * units + units * units)


# %% wrong: the forget gates stay half closed
# fails: A network that remembers over 60 steps of noise
def train(x, y):
    tf.keras.utils.set_random_seed(1)
    lstm = tf.keras.layers.LSTM(16, unit_forget_bias=False)
    model = tf.keras.Sequential([tf.keras.Input((None, 2)), lstm, tf.keras.layers.Dense(1, activation="sigmoid")])
    model.compile(tf.keras.optimizers.Adam(0.01, global_clipnorm=1.0), loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=50, epochs=8, verbose=0)
    return model.get_weights()
