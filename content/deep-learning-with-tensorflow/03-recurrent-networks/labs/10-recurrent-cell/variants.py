"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: states written into an array
def unroll(x, Wx, Wh, b):
    states = np.zeros((len(x), x.shape[1], len(b)))
    h = np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        states[:, t] = h = step(x[:, t], h, Wx, Wh, b)
    return states


# %% right: one product for the element and the state
def step(x, h, Wx, Wh, b):
    both = np.concatenate([x, h], axis=1)
    return np.tanh(both @ np.concatenate([Wx, Wh]) + b)


# %% wrong: the derivative of tanh is missing
# fails: The backward pass of the gradient
def lengths(states, Wh):
    gradient, found = np.ones(states.shape[1]), []
    for h in states[::-1]:
        found.append(np.linalg.norm(gradient))
        gradient = Wh @ gradient
    return np.array(found)


# %% wrong: the state weights are transposed
# fails: One step of the cell
# fails: All states of a batch of sequences
def step(x, h, Wx, Wh, b):
    return np.tanh(x @ Wx + h @ Wh.T + b)


# %% wrong: every step begins with a state of zeros
# fails: All states of a batch of sequences
def unroll(x, Wx, Wh, b):
    h = np.zeros((len(x), len(b)))
    states = [step(x[:, t], h, Wx, Wh, b) for t in range(x.shape[1])]
    return np.stack(states, axis=1)


# %% wrong: the network learns the lab's own switch, whatever it receives
# fails: A network trained on another switch keeps its state
def train(x, lit):
    x, lit = switches(np.random.default_rng(0))
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
