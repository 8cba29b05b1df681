# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import films, ratings, tastes

table = ratings()
users, titles = 600, films()["title"]


# %%
def as_matrices(user, film, rating, users, films):
    likes, known = (
        np.zeros([users, films], "float32"),
        np.zeros([users, films], "float32"),
    )
    likes[user, film] = rating >= 4
    known[user, film] = 1
    return likes, known


# %%
def popularity(likes, known):
    return (likes.sum(axis=0) + 1) / (known.sum(axis=0) + 2)


# %% [markdown]
# The mask stands at the only place where a gap could speak: in the reconstruction. In `v0` a gap is 0 already.


# %%
def contrastive_step(v0, mask, dice, weights, visible, hidden, rate):
    h0 = tf.sigmoid(v0 @ weights + hidden)
    h = tf.cast(dice < h0, tf.float32)
    v1 = mask * tf.sigmoid(h @ tf.transpose(weights) + visible)
    h1 = tf.sigmoid(v1 @ weights + hidden)
    together = tf.transpose(v0) @ h0 - tf.transpose(v1) @ h1
    return (
        weights + rate * together / tf.cast(tf.shape(v0)[0], tf.float32),
        visible + rate * tf.reduce_mean(v0 - v1, axis=0),
        hidden + rate * tf.reduce_mean(h0 - h1, axis=0),
    )


# %%
def hit_rate(scores, known, held_likes, held_known, count):
    unseen = np.where(known > 0, -np.inf, scores)
    best = np.argsort(-unseen, axis=1)[:, :count]
    rows = np.arange(len(best))[:, None]
    return held_likes[rows, best].sum() / held_known[rows, best].sum()


# %% [markdown]
# Nothing has to be learnt about single users. Each user is what he likes, sent up and down again.


# %%
def recommend(likes, known):
    likes, known = likes.astype("float32"), known.astype("float32")
    share = popularity(likes, known)
    weights = tf.random.normal([likes.shape[1], 8], stddev=0.01)
    machine = (
        weights,
        tf.constant(np.log(share / (1 - share)), tf.float32),
        tf.zeros(8),
    )

    @tf.function
    def step(v0, mask, *machine):
        return contrastive_step(
            v0, mask, tf.random.uniform([len(v0), 8]), *machine, 0.1
        )

    for epoch in range(150):
        order = np.random.permutation(len(likes))
        for first in range(0, len(likes), 50):
            some = order[first : first + 50]
            machine = step(
                tf.constant(likes[some]), tf.constant(known[some]), *machine
            )
        if epoch % 10 == 9:
            progress(epoch + 1, 150)
    weights, visible, hidden = machine
    return tf.sigmoid(
        tf.sigmoid(likes @ weights + hidden) @ tf.transpose(weights)
        + visible
    )


# %%
held = np.random.default_rng(0).random(len(table)) < 0.2
likes, known = as_matrices(*table[~held].to_numpy().T, users, len(titles))
held_likes, held_known = as_matrices(
    *table[held].to_numpy().T, users, len(titles)
)

favourite = (
    np.asarray(films()["genre"])
    == np.asarray(tastes()["favourite"])[:, None]
)
by_popularity = np.tile(popularity(likes, known), (len(likes), 1))
competitors = {
    "popularity": by_popularity,
    "machine": recommend(likes, known),
    "knows tastes": 1.0 * favourite,
}
rates = [
    float(hit_rate(scores, known, held_likes, held_known, 10))
    for scores in competitors.values()
]
print(dict(zip(competitors, rates)))

plt.barh(list(competitors), rates)
plt.xlim(0, 1)
plt.xlabel("hit rate")
plt.show()
