"""How much of a learner's runs is kept: output in pages, and old runs emptied."""

import pytest

from labs.rules import keeping
from labs.rules.keeping import PageOfOutputs, in_pages, size_of, too_old


@pytest.fixture
def small(monkeypatch):
    """Make the limits small."""
    limits = {"PAGE_BYTES": 30, "PAGE_OUTPUTS": 3, "MOST_BYTES": 10, "MOST_FULL": 3}
    for name, value in limits.items():
        monkeypatch.setattr(keeping, name, value)


def output(length):
    """Return an output that has as many bytes as JSON, at least 10."""
    found = {"a": "x" * (length - 9)}
    assert size_of(found) == length
    return found


def test_the_limits():
    assert (keeping.PAGE_BYTES, keeping.PAGE_OUTPUTS, keeping.MOST_BYTES) == (2**18, 500, 2**26)
    assert (keeping.MOST_FULL, keeping.MOST_A_DAY, keeping.STREAMS_KEPT) == (2000, 5000, 10)


@pytest.mark.parametrize(
    ("sizes", "pages"),
    [
        ([], []),
        ([10], [[10]]),
        ([10, 20], [[10, 20]]),
        ([10, 21], [[10], [21]]),
        ([10, 10, 10, 10], [[10, 10, 10], [10]]),
        ([50, 10], [[50], [10]]),
        ([10, 50], [[10], [50]]),
        ([20, 11, 19, 10], [[20], [11, 19], [10]]),
        ([9 + 1] * 7, [[10, 10, 10], [10, 10, 10], [10]]),
    ],
)
@pytest.mark.usefixtures("small")
def test_a_page_is_full_by_bytes_or_by_outputs_and_a_larger_output_has_its_own(sizes, pages):
    outputs = [output(size) for size in sizes]
    assert in_pages(outputs) == [PageOfOutputs([output(size) for size in page], sum(page)) for page in pages]


@pytest.mark.usefixtures("small")
def test_short_outputs_fill_a_page_by_their_number():
    assert [page.size for page in in_pages([{}] * 4)] == [6, 2]


@pytest.mark.parametrize(
    ("sizes", "beyond"),
    [
        ([5, 5], []),
        ([5, 6, 0], [1, 2]),
        ([0, 0, 0, 0], [3]),
        ([11], [0]),
    ],
)
@pytest.mark.usefixtures("small")
def test_the_first_run_that_does_not_fit_and_every_older_one_are_emptied(sizes, beyond):
    assert too_old([(str(place), size) for place, size in enumerate(sizes)]) == [str(place) for place in beyond]
