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
# The mask is needed in one place only: the reconstruction. In `v0`, a gap is 0 already.


# %%
def contrastive_step(v0, mask, uniform, weights, visible, hidden, rate):
    h0 = tf.sigmoid(v0 @ weights + hidden)
    h = tf.cast(uniform < h0, tf.float32)
    v1 = mask * tf.sigmoid(h @ tf.transpose(weights) + visible)
    h1 = tf.sigmoid(v1 @ weights + hidden)
    together = tf.transpose(v0) @ h0 - tf.transpose(v1) @ h1
    return (
        weights + rate * together / tf.cast(tf.shape(v0)[0], tf.float32),
        visible + rate * tf.reduce_mean(v0 - v1, axis=0),
        hidden + rate * tf.reduce_mean(h0 - h1, axis=0),
    )


# %%
def precision(scores, known, held_likes, held_known, count):
    unseen = np.where(known > 0, -np.inf, scores)
    best = np.argsort(-unseen, axis=1)[:, :count]
    rows = np.arange(len(best))[:, None]
    return held_likes[rows, best].sum() / held_known[rows, best].sum()


# %% [markdown]
# No parameters belong to single users. A user's scores come from sending their likes up and down once.


# %%
def recommend(likes, known):
    likes, known = likes.astype("float32"), known.astype("float32")
    share = popularity(likes, known)
    weights = tf.random.normal([likes.shape[1], 8], stddev=0.01)
    rbm = (
        weights,
        tf.constant(np.log(share / (1 - share)), tf.float32),
        tf.zeros(8),
    )

    @tf.function
    def step(v0, mask, *rbm):
        return contrastive_step(
            v0, mask, tf.random.uniform([len(v0), 8]), *rbm, 0.1
        )

    for epoch in range(150):
        order = np.random.permutation(len(likes))
        for first in range(0, len(likes), 50):
            some = order[first : first + 50]
            rbm = step(
                tf.constant(likes[some]), tf.constant(known[some]), *rbm
            )
        if epoch % 10 == 9:
            progress(epoch + 1, 150)
    weights, visible, hidden = rbm
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

favorite = (
    np.asarray(films()["genre"])
    == np.asarray(tastes()["favourite"])[:, None]
)
by_popularity = np.tile(popularity(likes, known), (len(likes), 1))
signed = known * (2 * likes - 1)  # 1 liked, -1 disliked, 0 unknown
competitors = {
    "popularity": by_popularity,
    "RBM": recommend(likes, known),
    "item similarity": signed @ (signed.T @ signed),
    "knows tastes": 1.0 * favorite,
}
rates = [
    float(precision(scores, known, held_likes, held_known, 10))
    for scores in competitors.values()
]
print(dict(zip(competitors, rates)))

plt.barh(list(competitors), rates)
plt.xlim(0, 1)
plt.xlabel("precision at 10, on rated films")
plt.show()
