# %% [markdown]
# From counting pairs of letters to a network that writes. You build the measure, the baseline and the temperature by hand, train an LSTM, and let it continue a sentence. The lesson is [Applying recurrent networks to language
# modelling](lesson:language-models).

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
print(len(seen), "letters to learn from,", len(unseen), "held out")

# %% [markdown]
# **1. Perplexity.** `perplexity(p)` gets the probabilities that a model gave to the letters that came, and returns $\exp \bigl( - \frac{1}{n} \sum \ln p_t \bigr)$.

# %%
def perplexity(p):
    return 27.0  # as if all letters were equal; yours to write

# %% [markdown]
# **2. A bigram, counted.** `bigram(codes, symbols)` gets a text as numbers and how many symbols there are. It returns a table `[symbols, symbols]`: row $i$ has the probabilities of what comes after symbol $i$. Begin
# every count at **one**, so that nothing is impossible, and divide each row by its sum. (`np.add.at(counts, (codes[:-1], codes[1:]), 1)` counts all pairs at once.)

# %%
def bigram(codes, symbols):
    return np.full((symbols, symbols), 1 / symbols)  # yours to write


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
# **3. Temperature.** `softened(scores, temperature)` returns the probabilities $e^{z_k / \tau} / \sum_j e^{z_j / \tau}$ of a row of scores. Take the largest score away before the exponential: that changes nothing in the
# result, and keeps scores of some thousands from overflowing. The tests try it.

# %%
def softened(scores, temperature):
    return np.full(len(scores), 1 / len(scores))  # yours to write

# %% [markdown]
# **4. The network.** `pieces` cuts a text into pieces of 40 letters and the same, one letter further on. `network(symbols)` is given: an embedding, an LSTM of 64 units, scores for each symbol.
#
# `train(codes, symbols, epochs)` is yours. Build the network, compile it with Adam at a rate of 0.01 and `SparseCategoricalCrossentropy(from_logits=True)`, fit it to the pieces in batches of 32, and return the
# model.
#
# `trained_weights` is there for the tests. They call it with 40,000 letters of the novel in a *secret alphabet*: each letter stands for another one, so that only a network that learns anew can read it. After three epochs it
# must be ahead of the best bigram: the perplexity of that one is to be at least 1.1 times its own.

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
    return network(symbols)  # not trained yet; yours to write


def trained_weights(codes, symbols):
    tf.keras.utils.set_random_seed(1)
    return train(codes, symbols, epochs=3).get_weights()

# %% [markdown]
# Now the novel in its own alphabet. Two epochs on the first 200,000 letters are 312 steps, some seconds to half a minute here, and make a perplexity of about 5.8 on the held-out tenth. The last test takes the weights of `model` as you leave
# them, and asks for less than 6.1, what a *counted trigram* reaches. With all the letters, and more epochs, you can get well below that.

# %%
tf.keras.utils.set_random_seed(1)
model = train(seen[:200_000], 27, epochs=2)

x, y = pieces(unseen)
scores = model.predict(x, batch_size=500, verbose=0)
p = tf.gather(tf.nn.softmax(scores), y, batch_dims=2).numpy()
print("network, held out:", perplexity(p.ravel()))

# %% [markdown]
# **5. Let it write.** Nothing to do here but to play: another beginning, another temperature, another seed. Low temperatures repeat themselves, high ones invent.

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
