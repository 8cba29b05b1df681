"""A promised number says something: what may differ by more than a quarter of its value is explained here."""

from collections.abc import Iterator
from decimal import Decimal

from course.markup.expectations import Expectation, read_expectations
from tests.content.test_listings import lessons

WIDEST = Decimal("0.25")
WIDEST_AT_ZERO = Decimal("0.01")  # such numbers are errors and differences, beside others of the size of 1
EXPLAINED: dict[str, str] = {}  # by listing and name: why this number cannot be promised better


def promises() -> Iterator[tuple[str, Expectation]]:
    for lesson in lessons():
        for listing in lesson.listings:
            promised, _ = read_expectations("; ".join(listing["expect"] or ()))
            yield from ((f"{listing['id']}.{each.name}", each) for each in promised if each.tolerance is not None)


def is_wide(promised: Expectation) -> bool:
    value = abs(Decimal(promised.number))
    return (promised.tolerance or 0) > (value * WIDEST or WIDEST_AT_ZERO)


def test_no_tolerance_is_over_a_quarter_of_its_value_without_an_explanation():
    found = dict(promises())
    assert len(found) > 250
    assert {name: each.text for name, each in found.items() if is_wide(each)}.keys() == EXPLAINED.keys()


def test_a_wide_tolerance_would_be_seen():
    tried = ("step≈0.16±0.15", "step≈-2±0.51", "step≈2±0.5", "none≈0.0±0.02", "none≈0.0±0.01")
    (*found,) = (read_expectations(each)[0][0] for each in tried)
    assert [is_wide(each) for each in found] == [True, True, False, True, False]
