# %% [markdown]
# Six hundred people have rated some of eighty films each. You write a Boltzmann machine that copes with gaps, let it recommend,
# and measure it against popularity. The tests use other people with other tastes.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import films, ratings, tastes

table = ratings()
users, titles = 600, films()["title"]

# %% [markdown]
# **1. From a list to matrices.** `as_matrices(user, film, rating, users, films)` gets three parallel arrays and two numbers. It
# returns two tables of shape (users, films) with 0 and 1: `likes`, where the rating is 4 or 5, and `known`, where there is a
# rating. NumPy sets many places at once: `table[rows, columns] = values`.


# %%
def as_matrices(user, film, rating, users, films):
    return np.zeros([1, 1]), np.zeros([1, 1])  # yours to write


# %% [markdown]
# **2. The baseline.** `popularity(likes, known)` returns for each film $(\text{likes} + 1) / (\text{ratings} + 2)$, a number
# between 0 and 1 also for films that nobody has rated.


# %%
def popularity(likes, known):
    return np.zeros(known.shape[1]) - 1  # yours to write


# %% [markdown]
# **3. A step with gaps.** `contrastive_step(v0, mask, dice, weights, visible, hidden, rate)` is contrastive divergence for a
# batch of $n$ users, with one change: `mask` is 1 where a rating is known, and the reconstruction is multiplied by it. $h_0 =
# \sigma(v_0 W + b)$, drawn with `dice` (on where the dice lie below); $v_1 = m \odot \sigma(h W^T + a)$; $h_1 = \sigma(v_1 W +
# b)$. Return the new weights, visible and hidden biases: plus rate · $(v_0^T h_0 - v_1^T h_1) / n$, plus rate · mean of $v_0 -
# v_1$, plus rate · mean of $h_0 - h_1$.


# %%
def contrastive_step(v0, mask, dice, weights, visible, hidden, rate):
    return weights, visible, hidden  # yours to write


# %% [markdown]
# **4. Measure.** `hit_rate(scores, known, held_likes, held_known, count)`: for each user take the `count` films with the highest
# scores among those *not* known. Over all users together, return liked ÷ known among the held-out ratings of these films.


# %%
def hit_rate(scores, known, held_likes, held_known, count):
    return -1.0  # yours to write


# %% [markdown]
# **5. Recommend.** `recommend(likes, known)` trains a machine on these two tables and returns a table of scores, one for each
# user and film; the higher, the better. Eight hidden units, a rate of 0.1, 150 epochs in batches of 50 users; the visible biases
# begin as the log-odds of popularity. The tests plant tastes anew, hold ratings out, and want a hit rate of at least 0.8 for ten
# films, which popularity does not come near.


# %%
def recommend(likes, known):
    share = popularity(likes, known)
    return np.tile(share, (len(likes), 1))  # yours to write


# %% [markdown]
# A fifth of the ratings is held out. Popularity hits in about 0.40, your machine should hit in 0.85 or more, and someone who
# knows the planted tastes in 0.96.

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

# %% [markdown]
# Where this site has a copy of MovieLens, try the same with real people: `from finalcheck_data import movielens`, then `table,
# titles = movielens()`, and more users and films. Without a copy the call says so.
