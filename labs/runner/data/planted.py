"""Invented ratings of invented films, generated from known tastes, so that learners can check a recommender against them."""

from dataclasses import dataclass
from itertools import product

import numpy as np

GENRES = ("space", "romance", "detective", "comedy")
NOUNS = {
    "space": ("Comet", "Orbit", "Signal", "Airlock", "Horizon"),
    "romance": ("Letter", "Orchard", "Summer", "Promise", "Waltz"),
    "detective": ("Alibi", "Cellar", "Witness", "Ledger", "Key"),
    "comedy": ("Landlord", "Parrot", "Wedding", "Neighbour", "Toupee"),
}
ADJECTIVES = ("Silent", "Last", "Borrowed", "Second")
SEED = 1927


@dataclass(frozen=True)
class Planted:
    """`user`, `film` and `rating` are parallel, one entry per rating (1 to 5 whole stars).

    `titles` and `genre` (an index into GENRES) have one entry per film; `favourite` and `disliked`, the tastes behind
    the ratings, have one per user.
    """

    user: np.ndarray
    film: np.ndarray
    rating: np.ndarray
    titles: tuple[str, ...]
    genre: np.ndarray
    favourite: np.ndarray
    disliked: np.ndarray


def generate(users: int = 600, share_rated: float = 0.4, seed: int = SEED) -> Planted:
    """Generate ratings: each user loves one genre (mean 4.6 stars), dislikes another (1.7) and finds the rest fair (3.2)."""
    draw = np.random.default_rng(seed)
    titles = [
        (f"The {adjective} {noun}", at)
        for at, name in enumerate(GENRES)
        for adjective, noun in product(ADJECTIVES, NOUNS[name])
    ]
    genre = np.array([at for _, at in titles])
    favourite = draw.integers(len(GENRES), size=users)
    disliked = (favourite + draw.integers(1, len(GENRES), size=users)) % len(GENRES)
    mean = np.full((users, len(genre)), 3.2)
    mean[genre == favourite[:, None]] = 4.6
    mean[genre == disliked[:, None]] = 1.7
    stars = np.clip(np.rint(mean + draw.normal(0, 0.6, mean.shape)), 1, 5).astype(np.int8)
    user, film = np.nonzero(draw.random(mean.shape) < share_rated)
    return Planted(user, film, stars[user, film], tuple(title for title, _ in titles), genre, favourite, disliked)
