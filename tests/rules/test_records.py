"""Records of event files and the fields in them, up to their limits."""

import struct

import pytest

from labs.rules import records as parsing
from labs.rules.records import Budget, MalformedRecord, Spent, doubles, fields, floats, message_field, records, whole


def record(content):
    return struct.pack("<Q4x", len(content)) + content + b"\xff" * 4


def read(message, units=100):
    return list(fields(message, Budget(units)))


def test_records_are_read_until_one_is_incomplete():
    two = record(b"one") + record(b"")
    assert list(records(two)) == [b"one", b""]
    assert [list(records(two[:-length])) for length in (1, 4, 5, 15, 16, 17)] == [[b"one"]] * 5 + [[]]
    assert list(records(two + b"\x00" * 12)) == [b"one", b""]


def test_a_giant_record_is_skipped_and_reading_ends_after_so_many(monkeypatch):
    monkeypatch.setattr(parsing, "LARGEST_RECORD", 3)
    assert list(records(record(b"1234") + record(b"123"))) == [b"123"]
    monkeypatch.setattr(parsing, "MOST_RECORDS", 2)
    assert list(records(record(b"1234") + record(b"1") * 3)) == [b"1"]


def test_a_field_is_a_number_or_bytes():
    assert read(b"\x08\x05" + b"\x12\x02ab" + b"\x19" + b"12345678" + b"\x25" + b"1234") == [
        (1, 5),
        (2, b"ab"),
        (3, b"12345678"),
        (4, b"1234"),
    ]
    assert read(b"") == []
    assert read(b"\x0a\x00") == [(1, b"")]


def test_a_number_takes_up_to_ten_bytes_and_64_bits():
    assert read(b"\x08" + b"\x80\x01") == [(1, 128)]
    assert read(b"\x08" + b"\xff" * 9 + b"\x01") == [(1, 2**64 - 1)]
    assert read(b"\x08" + b"\xff" * 9 + b"\x7f") == [(1, 2**64 - 1)]
    assert read(b"\x88\x01\x7f") == [(17, 127)]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (b"\x08", "a number without an end"),
        (b"\x08\x80", "a number without an end"),
        (b"\x08" + b"\x80" * 10, "a number too long"),
        (b"\x0a\x03ab", "a field without an end"),
        (b"\x09" + b"1234567", "a field without an end"),
        (b"\x0d" + b"123", "a field without an end"),
        (b"\x0b", "a field without an end"),
    ],
)
def test_a_field_that_breaks_off_or_has_no_kind_is_malformed(message, words):
    with pytest.raises(MalformedRecord, match=f"^{words}$"):
        read(message)


def test_each_field_costs_one_unit_and_nothing_is_read_beyond_the_budget():
    assert len(read(b"\x08\x05" * 3, units=3)) == 3
    with pytest.raises(Spent):
        read(b"\x08\x05" * 3, units=2)


def test_numbers_are_read_in_the_order_of_intel():
    assert doubles(struct.pack("<2d", 0.1, -2)) == (0.1, -2.0)
    assert floats(struct.pack("<2f", 0.5, -2)) == (0.5, -2.0)
    assert doubles(b"") == ()


@pytest.mark.parametrize("number", [0, 2**63 - 1])
def test_a_whole_number_has_64_bits_with_a_sign(number):
    assert whole(number) == number
    assert whole(2**63) == -(2**63)
    assert whole(2**64 - 1) == -1


@pytest.mark.parametrize(
    ("parse", "value", "words"),
    [
        (doubles, b"1234567", "these are not numbers"),
        (floats, b"12345", "these are not numbers"),
        (floats, 5, "these are not numbers"),
        (message_field, 5, "a number where a message belongs"),
        (whole, b"5", "no whole number"),
    ],
)
def test_a_field_of_another_kind_is_malformed(parse, value, words):
    with pytest.raises(MalformedRecord, match=f"^{words}$"):
        parse(value)


def test_a_message_is_its_bytes():
    assert message_field(b"ab") == b"ab"
