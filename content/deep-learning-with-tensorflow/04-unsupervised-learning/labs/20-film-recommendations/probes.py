"""Small tables with new gaps and random numbers; then users with newly planted tastes, with a fifth of the ratings held out."""

import numpy as np

from labs.runner.data.planted import generate
from labs.runner.judge.authoring import Call, NearMiss

COUNT, AT_LEAST = 10, 0.75
RARE = 0.15  # the share of its ratings that a film keeps if few people have come across it


def logistic(z):
    return 1 / (1 + np.exp(-z))


def some_ratings(rng):
    users, films = int(rng.integers(4, 9)), int(rng.integers(5, 9))
    place = rng.permutation(users * films)[: users * films // 2]
    return place // films, place % films, rng.integers(1, 6, len(place)), users, films


def matrices(user, film, rating, users, films):
    likes, known = np.zeros((users, films)), np.zeros((users, films))
    likes[user, film], known[user, film] = rating >= 4, 1
    return likes, known


def tables_agree(answer, *inputs):
    for name, given, right in zip(("likes", "known"), answer, matrices(*inputs), strict=True):
        if given.shape != right.shape:
            return f"“{name}” has the shape {given.shape} but should have {right.shape}."
        if (given != right).any():
            return f"“{name}” has {(given != right).sum()} wrong entries."
    return None


def two_tables(rng):
    return tuple(table.astype("float32") for table in matrices(*some_ratings(rng)))


def share_of_likes(likes, known):
    return (likes.sum(axis=0) + 1) / (known.sum(axis=0) + 2)


def step(rng):
    likes, known = two_tables(rng)
    (users, films), units = likes.shape, int(rng.integers(2, 4))
    machine = (rng.normal(size=shape).astype("float32") for shape in ((films, units), films, units))
    return likes, known, rng.random((users, units)).astype("float32"), *machine, float(rng.uniform(0.1, 1))


def after_step(v0, mask, uniform, weights, visible, hidden, rate, sampled=True):
    h0 = logistic(v0 @ weights + hidden)
    v1 = mask * logistic((uniform < h0 if sampled else h0) @ weights.T + visible)
    h1 = logistic(v1 @ weights + hidden)
    together = (v0.T @ h0 - v1.T @ h1) / len(v0)
    return weights + rate * together, visible + rate * (v0 - v1).mean(axis=0), hidden + rate * (h0 - h1).mean(axis=0)


def steps_agree(answer, *inputs):
    for name, given, right in zip(("weights", "visible biases", "hidden biases"), answer, after_step(*inputs), strict=True):
        if given.shape != right.shape:
            return f"The {name} have the shape {given.shape} but should have {right.shape}."
        if np.abs(given - right).max() > 1e-3:
            return f"The new {name} are off by up to {np.abs(given - right).max():.3g}."
    return None


def scores_and_ratings(rng):
    users, films = 12, 20
    known = rng.random((users, films)) < 0.4
    held_known = ~known & (rng.random((users, films)) < 0.5)
    held_likes = held_known & (rng.random((users, films)) < 0.5)
    tables = (table.astype("float32") for table in (known, held_likes, held_known))
    return rng.permutation(users * films).reshape(users, films) / 240, *tables, int(rng.integers(3, 8))


def precision(scores, known, held_likes, held_known, count):
    best = np.argsort(-np.where(known > 0, -np.inf, scores), axis=1)[:, :count]
    rows = np.arange(len(best))[:, None]
    return held_likes[rows, best].sum() / held_known[rows, best].sum()


def share_of_all(scores, known, held_likes, held_known, count):
    """Return the precision if recommendations without a held-out rating count as disliked."""
    return precision(scores, known, held_likes, np.ones_like(held_known), count)


class Crowd:
    """Users with new tastes and the films in a new order; half of the films lose most of their ratings.

    So a gap says little about a taste, and to treat it as a dislike costs 15 percentage points. In eight draws, the RBM of the
    model solution reached 0.82 to 0.86, one without a mask at most 0.71, and `likes @ likes.T @ likes` at most 0.69. The
    held-out ratings stay here.
    """

    def draw(self, rng):
        made = generate(seed=int(rng.integers(1 << 31)))
        film = rng.permutation(len(made.titles))[made.film]
        is_rare = rng.permutation(len(made.titles)) < len(made.titles) // 2
        kept = rng.random(len(film)) < np.where(is_rare, RARE, 1)[film]
        held = kept & (rng.random(len(film)) < 0.2)
        seen, self.unseen = (
            matrices(made.user[some], film[some], made.rating[some], len(made.favourite), len(made.titles))
            for some in (kept & ~held, held)
        )
        return tuple(table.astype("float32") for table in seen)

    def accept(self, scores, likes, known):
        if scores.shape != likes.shape:
            return f"The scores have the shape {scores.shape} but should have {likes.shape}."
        rate = precision(scores, known, *self.unseen, COUNT)
        by_popularity = precision(np.tile(share_of_likes(likes, known), (len(likes), 1)), known, *self.unseen, COUNT)
        if rate >= AT_LEAST:
            return None
        return f"The precision is {rate:.0%}; popularity has {by_popularity:.0%}, and {AT_LEAST:.0%} is required."


CROWD = Crowd()

PROBES = [
    Call(
        name="Likes and known ratings as tables",
        points=2,
        function="as_matrices",
        draw=some_ratings,
        accept=tables_agree,
        message="as_matrices returns likes (rating 4 or 5) and known (any rating), each of shape (users, films).",
        near_misses=[
            NearMiss(
                "You counted a 3 as a like.",
                lambda user, film, rating, users, films: matrices(user, film, rating + 1, users, films),
            ),
            NearMiss(
                "You counted only a 5 as a like.",
                lambda user, film, rating, users, films: matrices(user, film, rating - 1, users, films),
            ),
            NearMiss("You returned known first.", lambda *given: matrices(*given)[::-1]),
            NearMiss("Your tables are transposed.", lambda *given: tuple(table.T for table in matrices(*given))),
        ],
    ),
    Call(
        name="The popularity of each film",
        points=1,
        function="popularity",
        draw=two_tables,
        reference=share_of_likes,
        tolerance=1e-4,
        message="popularity(likes, known) is (likes + 1) / (ratings + 2) for each film.",
        near_misses=[
            NearMiss(
                "You divided by the number of users instead of the number of ratings.",
                lambda likes, known: (likes.sum(axis=0) + 1) / (len(likes) + 2),
            ),
            NearMiss(
                "You left out the two imagined ratings.",
                lambda likes, known: likes.sum(axis=0) / known.sum(axis=0),
            ),
            NearMiss("That is the popularity of each user.", lambda likes, known: share_of_likes(likes.T, known.T)),
        ],
    ),
    Call(
        name="A contrastive step that ignores gaps",
        points=3,
        function="contrastive_step",
        draw=step,
        accept=steps_agree,
        tolerance=1e-3,
        message="contrastive_step multiplies the reconstruction by mask and returns new weights, visible and hidden biases.",
        near_misses=[
            NearMiss(
                "Your reconstruction is not multiplied by mask.",
                lambda v0, mask, *others: after_step(v0, 1, *others),
            ),
            NearMiss(
                "You sent the hidden probabilities down instead of samples.",
                lambda *given: after_step(*given, sampled=False),
            ),
            NearMiss(
                "Your step goes down instead of up: the phases are exchanged.",
                lambda *given: after_step(*given[:-1], -given[-1]),
            ),
        ],
    ),
    Call(
        name="The precision of any scores",
        points=2,
        function="precision",
        draw=scores_and_ratings,
        reference=precision,
        tolerance=1e-4,
        message="precision takes the best unknown films of each user, and divides held-out likes by held-out ratings among them.",
        near_misses=[
            NearMiss(
                "You did not leave out the films that a user has rated.",
                lambda scores, known, *held: precision(scores, 0 * known, *held),
            ),
            NearMiss(
                "You divided by all recommendations, not by the rated ones.",
                share_of_all,
            ),
            NearMiss("You took the films with the lowest scores.", lambda scores, *others: precision(-scores, *others)),
        ],
    ),
    Call(
        name="Recommendations for users with other tastes",
        points=4,
        function="recommend",
        draw=CROWD.draw,
        accept=CROWD.accept,
        rounds=1,
        message="recommend(likes, known) returns scores (users, films) whose ten best unknown films are liked.",
    ),
]
