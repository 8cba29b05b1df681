"""Messages of a hostile child: whatever it writes is a message, or is Malformed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.runner import wire
from labs.runner.wire import HEAD_LENGTH, LENGTH, Malformed

NAMES = st.text(min_size=1, max_size=20)
PARTS = st.dictionaries(NAMES, st.binary(max_size=200), max_size=5)


def body(head: object, tail: bytes = b"") -> bytes:
    encoded = head if isinstance(head, bytes) else json.dumps(head).encode()
    return HEAD_LENGTH.pack(len(encoded)) + encoded + tail


@given(st.sampled_from(wire.KINDS), PARTS)
def test_unpacking_returns_the_packed_message(kind, parts):
    message = wire.pack(kind, {"cell": "1"}, parts)
    assert wire.unpack(message[LENGTH.size :]) == (kind, {"cell": "1"}, parts)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_malformed(data):
    try:
        kind, _, _ = wire.unpack(data)
    except Malformed:
        return
    assert kind in wire.KINDS


HOSTILE = {
    "empty": b"",
    "one byte": b"\0",
    "a head longer than all": HEAD_LENGTH.pack(9) + b"{}",
    "no JSON": body(b"\xff\xfe"),
    "a list": body([]),
    "no kind": body({"parts": []}),
    "another kind": body({"kind": "verdict", "parts": []}),
    "deep": body(b"[" * 60_000),
    "parts no list": body({"kind": "frame", "parts": {"a": 1}}),
    "a part without length": body({"kind": "frame", "parts": [["a"]]}),
    "a negative length": body({"kind": "frame", "parts": [["a", -1]]}),
    "a length that is true": body({"kind": "frame", "parts": [["a", True]]}, b"x"),
    "a length beyond": body({"kind": "frame", "parts": [["a", 5]]}, b"abc"),
    "a length like infinity": body(b'{"kind": "frame", "parts": [["a", 1e400]]}'),
    "a tail": body({"kind": "frame", "parts": []}, b"more"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_malformed(name):
    with pytest.raises(Malformed):
        wire.unpack(HOSTILE[name])
