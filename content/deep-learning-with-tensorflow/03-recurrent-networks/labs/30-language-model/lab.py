# %% [markdown]
# From counting pairs of letters to a network that writes. You implement perplexity, a bigram baseline and sampling temperature by hand, train an LSTM, and let it continue a sentence. The lesson is [Applying recurrent networks to language
# modeling](lesson:language-models).

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
# **1. Perplexity.** `perplexity(p)` receives the probabilities that a model gave to the letters that actually came next, and returns $\exp \bigl( - \frac{1}{n} \sum \ln p_t \bigr)$.

# %%
def perplexity(p):
    return 27.0  # as if all letters were equally likely; TODO: your code here

# %% [markdown]
# **2. A bigram model.** `bigram(codes, symbols)` receives a text as numbers and the number of different symbols. It returns a table `[symbols, symbols]`: row $i$ holds the probabilities of the symbols that follow symbol $i$. Start
# every count at **one**, so that nothing is impossible, and divide each row by its sum. (`np.add.at(counts, (codes[:-1], codes[1:]), 1)` counts all pairs at once.)

# %%
def bigram(codes, symbols):
    return np.full((symbols, symbols), 1 / symbols)  # TODO: your code here


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
# **3. Temperature.** `softened(scores, temperature)` returns the probabilities $e^{z_k / \tau} / \sum_j e^{z_j / \tau}$ for a row of scores. Subtract the largest score before taking the exponential. This does not change the
# result, but prevents an overflow with scores in the thousands. The tests try such scores.

# %%
def softened(scores, temperature):
    return np.full(len(scores), 1 / len(scores))  # TODO: your code here

# %% [markdown]
# **4. The network.** `pieces` cuts a text into pieces of 40 letters, and into the same pieces shifted by one letter. `network(symbols)` is given: an embedding, an LSTM with 64 units, and a dense layer with one score per symbol.
#
# Write `train(codes, symbols, epochs)`. Build the network, compile it with Adam at a learning rate of 0.01 and `SparseCategoricalCrossentropy(from_logits=True)`, fit it to the pieces in batches of 32, and return the
# model.
#
# The tests call `trained_weights` with 40,000 letters of the novel in a *secret alphabet*: each letter is replaced by another one, so only a network that is trained on this text can predict it. After three epochs your
# network must beat the bigram: the bigram's perplexity must be at least 1.1 times the network's.

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
    return network(symbols)  # not trained; TODO: your code here


def trained_weights(codes, symbols):
    tf.keras.utils.set_random_seed(1)
    return train(codes, symbols, epochs=3).get_weights()

# %% [markdown]
# Now train on the novel in its normal alphabet. Two epochs on the first 200,000 letters are 312 updates, which take up to half a minute here, and reach a perplexity of about 5.8 on the held-out tenth. The last test takes the weights of `model` as you leave
# them, and requires less than 6.1, the perplexity of a *trigram* model. With the whole text and more epochs you can get well below that.

# %%
tf.keras.utils.set_random_seed(1)
model = train(seen[:200_000], 27, epochs=2)

x, y = pieces(unseen)
scores = model.predict(x, batch_size=500, verbose=0)
p = tf.gather(tf.nn.softmax(scores), y, batch_dims=2).numpy()
print("network, held out:", perplexity(p.ravel()))

# %% [markdown]
# **5. Let it write.** Nothing to program here. Try another beginning, another temperature, another seed. Low temperatures repeat themselves, and high ones invent words.

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
