"""The lesson on recommendation works with an operator's copy of MovieLens, as its note says: here with an invented copy."""

from dataclasses import asdict

from tests.content.shipped import shipped
from tests.content.test_labs import limits_on_a_busy_machine
from tests.runner.conftest import Warm
from tests.runner.talk import run_code

COPY = """
import finalcheck_data, numpy, pandas

def movielens():
    random = numpy.random.default_rng(0)
    pairs = random.permutation(130 * 90)[:5000]  # fewer users and more films than in the lesson
    table = pandas.DataFrame({"user": pairs // 90, "film": pairs % 90, "rating": random.integers(1, 11, 5000) / 2})
    return table, [f"Film {number}" for number in range(90)]

finalcheck_data.movielens = movielens
"""
CHANGES = {  # what the note tells readers to write in the first listing
    "from finalcheck_data import films, ratings, tastes\n": "from finalcheck_data import movielens\n",
    'table = ratings()\nusers, titles = 600, films()["title"]\n': (
        "table, titles = movielens()\nusers = table.user.max() + 1\n"
    ),
}
UNCHANGED = ("train-on-ratings", "hit-rates", "likes-and-dislikes", "famous-films", "without-the-mask")


def test_the_listings_that_need_no_planted_tastes_run_with_other_ratings(best: Warm):
    lessons = (lesson for module in shipped().course.modules for lesson in module.lessons)
    lesson = next(each for each in lessons if each.key == "film-recommendation")
    sources = {each["id"]: each["source"] for each in lesson.listings}
    first = sources["load-ratings"]
    for old, new in CHANGES.items():
        assert old in first
        first = first.replace(old, new)
    cells = (COPY, first, *(sources[name] for name in UNCHANGED))
    told = run_code(best.client, *cells, **asdict(limits_on_a_busy_machine({})))
    assert told.verdict == "succeeded", f"{told.end} {told.text}"
