"""Import the operator's own copy of MovieLens, whose license forbids redistribution, into the labs' data folder.

python -m labs.runner.data.movielens ml-latest-small/ [DATA_FOLDER]
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).with_name("files")


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def read(source: Path) -> dict[str, np.ndarray]:
    """Read the ratings, with users and films renumbered from 0.

    Ratings are 0.5 to 5 stars. Raises KeyError for a missing column.
    """
    titles = {row["movieId"]: row["title"] for row in rows(source / "movies.csv")}
    ratings = [(row["userId"], row["movieId"], row["rating"]) for row in rows(source / "ratings.csv")]
    _, user = np.unique([some for some, _, _ in ratings], return_inverse=True)
    films, film = np.unique([some for _, some, _ in ratings], return_inverse=True)
    return {
        "user": user.astype(np.int32),
        "film": film.astype(np.int32),
        "rating": np.array([some for _, _, some in ratings], dtype=np.float32),
        "titles": np.array([titles[some] for some in films]),
    }


def main(source: str, folder: str = str(FOLDER)) -> None:
    target = Path(folder) / "movielens.npz"
    arrays = read(Path(source))
    np.savez_compressed(target, **arrays)
    print(f"{len(arrays['rating'])} ratings of {len(arrays['titles'])} films written to {target}")


if __name__ == "__main__":
    main(*sys.argv[1:])
