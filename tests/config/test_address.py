import socket

import pytest

from config.up.address import Address, is_demo, refuse_network, refuse_port


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("example.org", False),
    ],
)
def test_only_a_loopback_address_is_a_demo(host, expected):
    assert is_demo(Address(host, 8000), {}) == expected


def test_a_public_address_in_front_of_the_loopback_ends_the_demo():
    assert not is_demo(Address("127.0.0.1", 8000), {"FINALCHECK_PUBLIC_URL": "https://learn.example.org"})


@pytest.mark.parametrize(
    ("host", "environ", "is_refused"),
    [
        ("127.0.0.1", {}, False),
        ("0.0.0.0", {}, True),
        ("0.0.0.0", {"FINALCHECK_SECRET_KEY": " "}, True),
        ("0.0.0.0", {"FINALCHECK_SECRET_KEY": "x" * 64}, False),
    ],
)
def test_the_network_is_never_served_with_the_published_key(host, environ, is_refused):
    assert bool(refuse_network(Address(host, 8000), environ)) == is_refused


def test_a_free_port_is_not_refused():
    assert refuse_port(Address("127.0.0.1", 0)) == ""


def test_a_port_in_use_is_refused_with_the_line_to_type():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = f"Port {port} is in use by another program. Choose another:\n    make run PORT={port + 1}"
        assert refuse_port(Address("127.0.0.1", port)) == sentence


def test_an_address_of_another_machine_is_refused():
    assert refuse_port(Address("192.0.2.1", 8000)).startswith("192.0.2.1 is not an address of this machine")


@pytest.mark.parametrize(
    ("host", "nearest"), [("0.0.0.0", "localhost"), ("127.0.0.1", "127.0.0.1"), ("::", "localhost")]
)
def test_the_health_page_is_asked_where_this_machine_reaches_it(host, nearest):
    assert Address(host, 8000).nearest_host == nearest


@pytest.mark.parametrize("port", [-1, 65536, 10**9])
def test_invalid_ports_are_refused_with_the_command_to_type(port):
    sentence = f"{port} is not a port. Choose one from 1024 to 65535:\n    make run PORT=8000"
    assert refuse_port(Address("127.0.0.1", port)) == sentence
