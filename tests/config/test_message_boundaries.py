"""A request whose end is ambiguous cannot hide another one: the server answers at most once, and hangs up.

A proxy that sees another end than the server does would let a sender put a request in front of somebody else's (request
smuggling). It cannot, because the server reads nothing after such a message, whatever the proxy made of it.
"""

import re
import socket
from urllib.parse import urlsplit

import pytest

from tests.browser.streaming import served

HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
EMPTY = b"0\r\n\r\n"  # the last chunk
CHUNKED = b"Transfer-Encoding: chunked\r\n"
ANNOUNCED = b"Content-Length: %d\r\n" % len(HIDDEN)
AMBIGUOUS = {
    "a length and chunks": (b"Content-Length: 5\r\n" + CHUNKED, EMPTY),
    "a length that includes the hidden request, and chunks": (
        b"Content-Length: %d\r\n" % len(EMPTY + HIDDEN) + CHUNKED,
        EMPTY,
    ),
    "two lengths": (b"Content-Length: 0\r\n" + ANNOUNCED, b""),
    "a list of lengths": (b"Content-Length: 0, %d\r\n" % len(HIDDEN), b""),
    "a length with a sign": (b"Content-Length: +0\r\n", b""),
    "a length below zero": (b"Content-Length: -1\r\n", b""),
    "a length in hexadecimal": (b"Content-Length: 0x0\r\n", b""),
    "an unknown encoding": (b"Transfer-Encoding: xchunked\r\n", EMPTY),
    "another encoding after the chunks": (b"Transfer-Encoding: chunked, identity\r\n", EMPTY),
    "a space before the colon of an encoding": (b"Transfer-Encoding : chunked\r\nContent-Length: 0\r\n", EMPTY),
    "a space before the colon of a length": (b"Content-Length : %d\r\n" % len(HIDDEN), b""),
    "a header on two lines": (b"X-Folded: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", b""),
    "a header that ends with CR": (b"X-Cut: a\rTransfer-Encoding: chunked\r\nContent-Length: 0\r\n", b""),
    "a header with a zero byte": (b"X-Zero: a\0b\r\nContent-Length: 0\r\n", b""),
    "a chunk whose size is no number": (CHUNKED, b"0x0\r\n\r\n"),
    "a chunk whose size is below zero": (CHUNKED, b"-0\r\n\r\n"),
    "a chunk larger than a number can be": (CHUNKED, b"fffffffffffffffff\r\n\r\n"),
    "a chunk that ends with LF": (CHUNKED, b"0\n\n"),
}


@pytest.fixture(scope="module")
def port():
    with served() as address:
        yield urlsplit(address).port


def answers(port: int, sent: bytes) -> list[bytes]:
    """Return the status of each answer until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=300) as connection, connection.makefile("rb") as told:
        connection.sendall(sent)
        try:
            said = told.read()
        except ConnectionResetError:  # it hung up without having read everything
            return []
    return re.findall(rb"HTTP/1\.1 (\d+) ", said)


def post(version: bytes, headers: bytes, body: bytes) -> bytes:
    return b"POST /healthz HTTP/" + version + b"\r\nHost: localhost\r\n" + headers + b"\r\n" + body


@pytest.mark.parametrize(("headers", "body"), AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_nothing_after_an_ambiguous_message_is_answered(port, headers, body):
    assert len(answers(port, post(b"1.1", headers, body + HIDDEN))) <= 1


def test_chunks_in_a_version_that_has_none_hide_nothing(port):
    assert answers(port, post(b"1.0", CHUNKED, EMPTY + HIDDEN)) == [b"400"]


@pytest.mark.parametrize(("headers", "body"), [(b"Content-Length: 3\r\n", b"abc"), (CHUNKED, b"3\r\nabc\r\n" + EMPTY)])
def test_a_request_after_the_answer_to_an_unambiguous_message_is_answered(port, headers, body):
    with socket.create_connection(("127.0.0.1", port), timeout=300) as connection:
        for sent in (post(b"1.1", headers, body), HIDDEN):
            connection.sendall(sent)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
