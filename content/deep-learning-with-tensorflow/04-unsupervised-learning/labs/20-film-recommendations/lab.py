# %% [markdown]
# Six hundred people have rated some of eighty films. You write an RBM that can handle gaps, let it recommend films, and
# compare it with popularity and with item similarity. The tests use other people with other tastes.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import films, ratings, tastes

table = ratings()
users, titles = 600, films()["title"]

# %% [markdown]
# **1. From a list to matrices.** `as_matrices(user, film, rating, users, films)` gets three parallel arrays and two numbers.
# It returns two tables of shape (users, films) with entries 0 and 1: `likes`, which is 1 where the rating is 4 or 5, and
# `known`, which is 1 where there is a rating. NumPy can set many entries at once: `table[rows, columns] = values`.


# %%
def as_matrices(user, film, rating, users, films):
    return np.zeros([1, 1]), np.zeros([1, 1])  # TODO: your code here


# %% [markdown]
# **2. The baseline.** `popularity(likes, known)` returns $(\text{likes} + 1) / (\text{ratings} + 2)$ for each film. This is
# a number between 0 and 1 even for films that nobody has rated.


# %%
def popularity(likes, known):
    return np.zeros(known.shape[1]) - 1  # TODO: your code here


# %% [markdown]
# **3. A step with gaps.** `contrastive_step(v0, mask, uniform, weights, visible, hidden, rate)` is contrastive divergence
# for a batch of $n$ users, with one change: `mask` is 1 where a rating is known, and the reconstruction is multiplied by it.
# Compute $h_0 = \sigma(v_0 W + b)$ and sample it with `uniform` (a unit is on if its random number is below its
# probability). Then $v_1 = m \odot \sigma(h W^T + a)$ and $h_1 = \sigma(v_1 W + b)$. Return the new weights, visible biases
# and hidden biases. They change by rate · $(v_0^T h_0 - v_1^T h_1) / n$, rate · the mean of $v_0 - v_1$, and rate · the mean
# of $h_0 - h_1$.


# %%
def contrastive_step(v0, mask, uniform, weights, visible, hidden, rate):
    return weights, visible, hidden  # TODO: your code here


# %% [markdown]
# **4. Measure.** `precision(scores, known, held_likes, held_known, count)` takes, for each user, the `count` films with the
# highest scores among those that are *not* known. Over all users together, it returns the number of these films with a
# held-out like, divided by the number of these films with a held-out rating.


# %%
def precision(scores, known, held_likes, held_known, count):
    return -1.0  # TODO: your code here


# %% [markdown]
# **5. Recommend.** `recommend(likes, known)` trains an RBM on these two tables and returns a table of scores, one for each
# user and film; a higher score means a better recommendation. Use eight hidden units, a learning rate of 0.1, and 150 epochs
# in batches of 50 users, and start the visible biases at the log-odds of popularity. The tests invent users with new tastes,
# and half of the films have few ratings. They hold out some ratings, and require a precision of at least 75 % for ten films.
# An RBM that takes a gap for a dislike reaches about 68 %, and popularity about 40 %.


# %%
def recommend(likes, known):
    share = popularity(likes, known)
    return np.tile(share, (len(likes), 1))  # TODO: your code here


# %% [markdown]
# A fifth of the ratings is held out. Popularity has a precision of about 40 %. Your RBM should reach 85 % or more, item
# similarity has 95 %, and the planted tastes 96 %. Item similarity sees likes *and* dislikes. Can you give the RBM both? The
# [lesson](lesson:film-recommendation) shows one way.

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

# %% [markdown]
# If the operator of this site has imported a copy of MovieLens, try your code with real people:
# `from finalcheck_data import movielens`, then `table, titles = movielens()`, with more users and films. Without a copy, the
# call says so.
