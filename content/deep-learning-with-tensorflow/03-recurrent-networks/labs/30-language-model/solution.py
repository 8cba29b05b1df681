# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import persuasion

ALPHABET = " abcdefghijklmnopqrstuvwxyz"
kept = (c if c.isalpha() else " " for c in persuasion().lower())
text = " ".join("".join(kept).split())
codes = np.array([ALPHABET.index(letter) for letter in text])
cut = len(codes) * 9 // 10
seen, unseen = codes[:cut], codes[cut:]
print(len(seen), "letters for training,", len(unseen), "held out")

# %% [markdown]
# The exponential of the mean cross-entropy.

# %%
def perplexity(p):
    return np.exp(-np.log(p).mean())

# %%
def bigram(codes, symbols):
    counts = np.ones((symbols, symbols))
    np.add.at(counts, (codes[:-1], codes[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)


table = bigram(seen, 27)
print("bigram, held out:", perplexity(table[unseen[:-1], unseen[1:]]))

plt.figure(figsize=(5, 5))
plt.imshow(table, cmap="Greys")
plt.xticks(range(27), list("␣" + ALPHABET[1:]))
plt.yticks(range(27), list("␣" + ALPHABET[1:]))
plt.xlabel("next letter")
plt.ylabel("letter")
plt.show()

# %% [markdown]
# The largest exponential is then 1, so nothing overflows. The sum is at least 1, so nothing is divided by zero.

# %%
def softened(scores, temperature):
    z = np.asarray(scores, dtype=float) / temperature
    powers = np.exp(z - z.max())
    return powers / powers.sum()

# %% [markdown]
# The target of each piece is the same piece, shifted by one letter. So a piece of 40 letters provides 40 examples.

# %%
def pieces(codes, steps=40):
    count = (len(codes) - 1) // steps
    x = codes[: count * steps].reshape(count, steps)
    y = codes[1 : count * steps + 1].reshape(count, steps)
    return x, y


def network(symbols):
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            tf.keras.Input((None,)),
            layers.Embedding(symbols, 16),
            layers.LSTM(64, return_sequences=True),
            layers.Dense(symbols),
        ]
    )


def train(codes, symbols, epochs):
    model = network(symbols)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.Adam(0.01), loss)
    model.fit(*pieces(codes), batch_size=32, epochs=epochs, verbose=0)
    return model


def trained_weights(codes, symbols):
    tf.keras.utils.set_random_seed(1)
    return train(codes, symbols, epochs=3).get_weights()

# %%
tf.keras.utils.set_random_seed(1)
model = train(seen[:200_000], 27, epochs=2)

x, y = pieces(unseen)
scores = model.predict(x, batch_size=500, verbose=0)
p = tf.gather(tf.nn.softmax(scores), y, batch_dims=2).numpy()
print("network, held out:", perplexity(p.ravel()))

# %%
embed, lstm, dense = model.layers


def write(start, temperature, letters=200, seed=1):
    generator = np.random.default_rng(seed)
    state = [np.zeros((1, 64), "float32")] * 2
    written = start
    for t in range(len(start) + letters - 1):
        letter = ALPHABET.index(written[t])
        h, state = lstm.cell(embed(np.array([letter])), state)
        if t + 1 == len(written):
            p = softened(dense(h).numpy()[0].astype(float), temperature)
            written += ALPHABET[generator.choice(27, p=p)]
    return written


for temperature in (0.3, 0.7, 1.2):
    print(temperature, write("she could not ", temperature))
