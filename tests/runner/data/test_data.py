import csv
from pathlib import Path

import numpy as np
import pytest

from labs.runner.data import loaders, movielens, planted

DATA = Path(loaders.__file__).parent


def test_every_file_has_its_source_and_licence() -> None:
    with (DATA / "sources.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    named = sorted(row["file"] for row in rows if row["file"].startswith("files/"))
    assert named == sorted(f"files/{path.name}" for path in (DATA / "files").iterdir() if path.name != "movielens.npz")
    assert [name for row in rows for name, value in row.items() if not value.strip()] == []


def test_the_digits_are_ten_thousand_and_of_all_classes_in_both_parts() -> None:
    (x, y), (x_test, y_test) = loaders.mnist()
    assert (x.shape, x_test.shape, x.dtype, x.max()) == ((8500, 28, 28), (1500, 28, 28), np.uint8, 255)
    counts = np.bincount(np.concatenate([y, y_test]))
    assert counts.tolist() == [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
    assert sorted(set(y_test.tolist())) == list(range(10))


def test_the_novel_is_whole() -> None:
    text = loaders.persuasion()
    assert (len(text), text[:10], text[-6:]) == (466_854, "Persuasion", "Finis\n")


def test_ratings_are_the_same_every_time() -> None:
    first, second = planted.generate(), planted.generate()
    assert (first.rating == second.rating).all()
    assert (first.film == second.film).all()


def test_planted_tastes_show_in_the_ratings() -> None:
    made = planted.generate()
    genre = made.genre[made.film]
    loved = made.rating[genre == made.favourite[made.user]].mean()
    disliked = made.rating[genre == made.disliked[made.user]].mean()
    assert (loved > 4.2, disliked < 2.2, (made.favourite == made.disliked).any()) == (True, True, False)


def test_tables_of_films_ratings_and_tastes_fit_together() -> None:
    films, ratings, tastes = loaders.films(), loaders.ratings(), loaders.tastes()
    assert (len(films), films.title.is_unique, len(tastes)) == (80, True, 600)
    assert (ratings.film.max() < len(films), ratings.user.max() < len(tastes)) == (True, True)


def test_an_operator_s_movielens_is_imported_and_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "movies.csv").write_text('movieId,title,genres\n7,"Comet, The (1999)",Drama\n3,Waltz (2001),Comedy\n')
    (tmp_path / "ratings.csv").write_text("userId,movieId,rating,timestamp\n12,7,4.5,0\n12,3,1.0,0\n15,7,3.0,0\n")
    movielens.main(str(tmp_path), str(tmp_path))
    monkeypatch.setattr(loaders, "folder", tmp_path)
    table, titles = loaders.movielens()
    assert sorted(titles) == ["Comet, The (1999)", "Waltz (2001)"]
    assert [(titles[row.film], row.rating) for row in table.itertuples() if row.user == 0] == [
        ("Comet, The (1999)", 4.5),
        ("Waltz (2001)", 1.0),
    ]


def test_without_a_copy_of_movielens_it_says_what_to_use_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loaders, "folder", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"Use ratings\(\) and films\(\) instead"):
        loaders.movielens()
