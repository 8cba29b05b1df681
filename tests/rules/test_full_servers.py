"""What a web server tells of the times when it was full: the JSON of its heartbeat (D20)."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from quizzes.rules.full_servers import LARGEST, LONGEST_ADDRESS, FullSpan, Holder, HolderKind, full_body, full_spans

START = datetime(2026, 11, 24, 12, 2, tzinfo=UTC)
END = START + timedelta(seconds=93)
NOBODY = {"kind": "address", "address": "192.0.2.7"}
ADDRESS = Holder(HolderKind.ADDRESS, "192.0.2.7", None, 900, 12, 4096, 340)
PERSON = Holder(HolderKind.PERSON, "2001:db8::/64", 17, 12, 0, 0, 3)


def told(*holders, **changes):
    span = {"from": START.isoformat(), "until": END.isoformat(), "holders": list(holders), **changes}
    return full_spans({"full": [span]})


def test_what_a_server_tells_is_read_as_it_was_meant():
    span = FullSpan(START, END, (ADDRESS, PERSON))
    assert full_spans(json.loads(json.dumps(full_body([span])))) == [span]


def test_the_example_in_the_documentation_can_be_read():
    example = {
        "full": [
            {
                "from": "2026-11-24T12:02:00Z",
                "until": "2026-11-24T12:03:33Z",
                "holders": [
                    {
                        "kind": "address",
                        "address": "192.0.2.7",
                        "person": None,
                        "connections": 900,
                        "requests": 12,
                        "bytes": 4096,
                        "refused": 340,
                    },
                    {"kind": "person", "address": "", "person": 17},
                ],
            }
        ]
    }
    assert full_spans(example) == [FullSpan(START, END, (ADDRESS, Holder(HolderKind.PERSON, person_id=17)))]


@pytest.mark.parametrize("body", [None, "", [], {}, {"full": None}, {"full": {}}, {"full": ["x", None, 1]}])
def test_a_body_that_tells_nothing_is_empty(body):
    assert full_spans(body) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"from": None},
        {"from": 5},
        {"from": "yesterday"},
        {"from": "2026-11-24T12:02:00"},  # no zone
        {"until": START.isoformat()},
        {"until": (START - timedelta(seconds=1)).isoformat()},
    ],
)
def test_a_time_without_two_moments_in_order_is_left_out(changes):
    assert told(NOBODY, **changes) == []


@pytest.mark.parametrize(
    "holder",
    [
        None,
        {},
        {"kind": "address"},
        {"kind": "robot", "address": "192.0.2.7"},
        {"kind": "address", "address": 5},
        {"kind": "address", "address": "a" * 65},
        {"kind": "address", "address": "a\0b"},
        {"kind": "address", "address": "ä"},
        {"kind": "person", "address": "192.0.2.7"},
        {"kind": "person", "person": "17"},
        {"kind": "person", "person": True},
        {"kind": "person", "person": -1},
    ],
)
def test_a_holder_that_names_nobody_is_left_out_and_the_others_stay(holder):
    (span,) = told(holder, NOBODY)
    assert span.holders == (Holder(HolderKind.ADDRESS, "192.0.2.7"),)


def test_unknown_fields_are_ignored_and_odd_numbers_count_as_none():
    odd = {"connections": -5, "requests": "7", "bytes": 1.5, "refused": 2**80, "color": "red"}
    (span,) = told({**NOBODY, **odd}, color="red")
    assert span.holders == (Holder(HolderKind.ADDRESS, "192.0.2.7", refused=LARGEST),)


def test_the_fifty_who_held_most_are_kept():
    (span,) = told(*({**NOBODY, "address": f"192.0.2.{each}", "connections": each} for each in range(60)))
    assert [each.connections for each in span.holders] == list(range(59, 9, -1))


EQUAL = {"connections": 5, "requests": 5, "refused": 5, "bytes": 5}


def order_of(*numbers):
    """Return in which order holders with these numbers are kept, by their places."""
    (span,) = told(*({**NOBODY, "address": str(place), **each} for place, each in enumerate(numbers)))
    return [int(each.address) for each in span.holders]


@pytest.mark.parametrize("counted", ["connections", "requests", "refused"])
def test_one_more_connection_request_or_refusal_puts_a_holder_first(counted):
    assert order_of({**EQUAL, "bytes": 99}, {**EQUAL, counted: 6}) == [1, 0]


def test_bytes_decide_among_holders_that_are_otherwise_equal():
    assert order_of(EQUAL, {**EQUAL, "bytes": 6}) == [1, 0]


def test_a_server_may_tell_of_fifty_times():
    spans = [FullSpan(START + timedelta(days=each), END + timedelta(days=each), ()) for each in range(60)]
    assert full_spans(full_body(spans)) == spans[:50]


def test_an_address_may_be_as_long_as_the_column_that_keeps_it():
    longest = "a" * LONGEST_ADDRESS
    (span,) = told({**NOBODY, "address": longest})
    assert [each.address for each in span.holders] == [longest]


def test_the_sum_of_a_thousand_of_the_largest_numbers_fits_in_a_column():
    assert 1000 * LARGEST < 2**63
