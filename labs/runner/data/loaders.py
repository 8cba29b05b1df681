"""The labs' data sets, as learners load them: `from finalcheck_data import mnist`.

`folder` is the read-only folder with the files.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from . import planted

if TYPE_CHECKING:
    import pandas

__all__ = ["films", "folder", "mnist", "movielens", "persuasion", "ratings", "tastes"]

folder = Path(__file__).with_name("files")


def mnist() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return (x_train, y_train), (x_test, y_test): 8,500 and 1,500 images [n, 28, 28] of bytes, with labels [n] from 0 to 9."""
    with np.load(folder / "mnist.npz") as found:
        return (found["x_train"], found["y_train"]), (found["x_test"], found["y_test"])


def persuasion() -> str:
    """Return Jane Austen's novel as text: 467,000 characters, 75 of them distinct."""
    return (folder / "persuasion.txt").read_text(encoding="utf-8")


def ratings() -> "pandas.DataFrame":
    """Return one row per rating: user, film, rating (1 to 5 stars), generated from known tastes."""
    import pandas

    made = planted.generate()
    return pandas.DataFrame({"user": made.user, "film": made.film, "rating": made.rating})


def films() -> "pandas.DataFrame":
    """Return one row per film, indexed by its number: title and genre."""
    import pandas

    made = planted.generate()
    return pandas.DataFrame({"title": made.titles, "genre": [planted.GENRES[at] for at in made.genre]})


def tastes() -> "pandas.DataFrame":
    """Return one row per user, indexed by number: the favorite and disliked genres that generated the ratings.

    Use it to check results.
    """
    import pandas

    made = planted.generate()
    named = {"favourite": made.favourite, "disliked": made.disliked}
    return pandas.DataFrame({name: [planted.GENRES[at] for at in some] for name, some in named.items()})


def movielens() -> tuple["pandas.DataFrame", list[str]]:
    """Return ratings (user, film, 0.5 to 5 stars) and titles from the operator's own copy of MovieLens, if the operator
    installed one.
    """
    import pandas

    if not (folder / "movielens.npz").exists():
        raise FileNotFoundError("There is no copy of MovieLens here. Use ratings() and films() instead.")
    with np.load(folder / "movielens.npz") as found:
        table = pandas.DataFrame({name: found[name] for name in ("user", "film", "rating")})
        return table, [str(title) for title in found["titles"]]
