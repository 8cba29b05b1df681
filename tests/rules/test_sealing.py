"""A chain of seals names each record that changed, went missing or moved, and no other (D18)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.rules.sealing import SealedRecord, broken_links, chain_digest, portable, seal_after

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KOLKATA = timezone(timedelta(hours=5, minutes=30))

facts = st.dictionaries(
    st.sampled_from(["a", "b"]), st.none() | st.booleans() | st.integers(0, 3) | st.text(max_size=3), max_size=2
)
records = st.lists(st.tuples(facts, facts, st.booleans()), min_size=1, max_size=5)


def chained(records):
    """The records, each with its seal; some learners are erased when theirs is sealed."""
    chain, last = [], None
    for place, (content, texts, hides_texts) in enumerate(records):
        last = seal_after(
            last, content=portable(content), texts=portable(texts), salt=f"salt{place}", hides_texts=hides_texts
        )
        chain.append(SealedRecord(last, f"record {place}", portable(content), portable(texts)))
    return chain


def named(chain):
    return [sentence.partition(":")[0] for sentence in broken_links(chain)]


@given(records)
def test_what_was_not_touched_is_as_it_was_sealed(records):
    assert named(chained(records)) == []


@given(records, st.data())
def test_a_record_with_another_content_is_named(records, data):
    chain = chained(records)
    place = data.draw(st.integers(0, len(chain) - 1))
    other = data.draw(facts.map(portable).filter(lambda value: value != chain[place].content))
    chain[place] = replace(chain[place], content=other)
    assert named(chain) == [f"record {place}"]


@given(records, st.data())
def test_a_record_that_was_removed_is_named(records, data):
    chain = chained(records)
    place = data.draw(st.integers(0, len(chain) - 1))
    chain[place] = replace(chain[place], content=None, texts={})
    assert named(chain) == [f"record {place}"]


@given(records, st.data())
def test_a_record_with_another_text_is_named_unless_its_texts_were_erased(records, data):
    chain = chained(records)
    place = data.draw(st.integers(0, len(chain) - 1))
    other = data.draw(facts.map(portable).filter(lambda value: value != chain[place].texts))
    chain[place] = replace(chain[place], texts=other)
    assert named(chain) == ([f"record {place}"] if chain[place].seal.salt else [])


@given(records.filter(lambda found: len(found) > 2), st.data())
def test_a_seal_that_was_removed_with_its_record_is_noticed_at_the_next(records, data):
    chain = chained(records)
    place = data.draw(st.integers(0, len(chain) - 2))
    del chain[place]
    gap = f"the seals between positions {place} and {place + 2} are missing"
    assert list(broken_links(chain)) == [f"record {place + 1}: {gap}"]


@given(records, st.data())
def test_the_last_seals_removed_with_their_records_are_not_noticed(records, data):
    """The rest is a chain that fits. A statement that the learner kept contains the end of the chain of its day."""
    chain = chained(records)
    assert named(chain[: data.draw(st.integers(0, len(chain) - 1))]) == []


@given(records.filter(lambda found: len(found) > 1), st.data())
def test_two_records_that_changed_places_are_both_named(records, data):
    chain = chained([({"own": place, **content}, *rest) for place, (content, *rest) in enumerate(records)])
    first, second = sorted(data.draw(st.sets(st.integers(0, len(chain) - 1), min_size=2, max_size=2)))
    one, two = chain[first], chain[second]
    chain[first], chain[second] = replace(one, content=two.content), replace(two, content=one.content)
    assert named(chain) == [f"record {first}", f"record {second}"]


def test_each_sentence_says_what_is_wrong_and_where():
    chain = chained([({"a": place}, {"b": place}, False) for place in range(5)])
    chain[1] = replace(chain[1], content={"a": "new"}, texts={"b": "new"})
    chain[2] = replace(chain[2], texts={"b": "new"})
    chain[4] = replace(chain[4], content=None)
    del chain[3]
    assert list(broken_links(chain)) == [
        "record 1: differs from what was sealed at position 2",
        "record 2: its texts differ from what was sealed at position 3",
        "record 4: the seals between positions 3 and 5 are missing",
        "record 4: sealed at position 5, and removed since",
    ]


def test_a_record_behind_a_gap_is_compared_by_its_texts_alone():
    chain = chained([({"a": place}, {"b": place}, False) for place in range(4)])
    chain[2] = replace(chain[2], texts={"b": "new"})
    chain[3] = replace(chain[3], content={"a": "new"})
    assert list(broken_links([chain[0], chain[2], chain[3]])) == [
        "record 2: the seals between positions 1 and 3 are missing",
        "record 2: its texts differ from what was sealed at position 3",
        "record 3: differs from what was sealed at position 4",
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("100.00"), "100"),
        (Decimal("1E+2"), "100"),
        (Decimal("2.50"), "2.5"),
        (AT.astimezone(KOLKATA), "2026-11-24T12:00:00.000000Z"),
        (2.0, 2),
        (2.5, 2.5),
        (("a", {"b": Decimal(1)}), ["a", {"b": "1"}]),
        (None, None),
    ],
)
def test_a_value_is_written_in_one_way(value, written):
    found = portable(value)
    assert (found, type(found)) == (written, type(written))


@pytest.mark.parametrize(
    ("value", "same"),
    [
        (Decimal("2.50"), Decimal("2.5")),
        (Decimal("100.00"), Decimal(100)),
        (Decimal("0.00"), Decimal(0)),
        (1e22, 10**22),
        (2.0, 2),
        (AT, AT.astimezone(KOLKATA)),
        ({"a": 1, "b": [AT, Decimal("1.0")]}, {"b": [AT.astimezone(KOLKATA), Decimal(1)], "a": 1}),
    ],
)
def test_the_same_value_has_the_same_digest_however_a_database_returns_it(value, same):
    assert chain_digest(portable(value)) == chain_digest(portable(same))


@pytest.mark.parametrize(
    ("value", "other"),
    [
        (Decimal("2.50"), Decimal("2.51")),
        (AT, AT + timedelta(microseconds=1)),
        (True, 1),
        (None, ""),
        ("1", 1),
        ([1, 2], [2, 1]),
        ({"a": None}, {}),
    ],
)
def test_different_values_have_different_digests(value, other):
    assert chain_digest(portable(value)) != chain_digest(portable(other))


def test_the_digest_of_a_known_record_never_changes_from_version_to_version():
    """Stored seals depend on it, and so does the program that verifies statements."""
    content = {"kind": "grade_change", "id": 7, "points_earned": portable(Decimal("2.50")), "created_at": portable(AT)}
    seal = seal_after(None, content=content, texts={"reason": "Größe"}, salt="0" * 32, hides_texts=False)
    assert (seal.position, seal.text_digest, seal.digest) == (
        1,
        "4a2ba8533743345bac9340d78cda6bc2a4e27d0aae58f2e2f9fdcf09f883af3e",
        "e2bb47bb624387625994705ec5b7f958484e4fecbab324ef3e8fec2317279d80",
    )


@given(facts)
def test_once_the_salt_is_erased_the_text_cannot_be_found_by_trying(texts):
    one, two = (seal_after(None, content={}, texts=texts, salt=salt, hides_texts=True) for salt in ("a", "b"))
    assert (one.salt, two.salt) == ("", "")
    assert one.text_digest != two.text_digest
