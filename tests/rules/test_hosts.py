"""Which host takes a run, and what its position is when other runs can start on one host only."""

import pytest

from labs.rules.hosts import OpenHost, host_for, is_host_name
from labs.rules.queueing import positions

BOTH = ("tf1", "tf2")


def hosts(*found: OpenHost) -> dict[str, OpenHost]:
    return {host.name: host for host in found}


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("a", True),
        ("lab-1", True),
        ("a" * 42, True),
        ("a" * 43, False),
        ("", False),
        ("-a", False),
        ("a-", False),
        ("A", False),
        ("a.b", False),
        ("a b", False),
    ],
)
def test_the_name_of_a_host_can_be_a_dns_name(name, is_one):
    assert is_host_name(name) is is_one


def test_a_host_is_open_as_far_as_is_known():
    host = OpenHost("a", BOTH, 8, 2)
    assert (host.free_sessions, host.memory, host.is_draining) == (1.0, 0, False)
    assert (host.has_room, host.takes("tf2"), host.freedom) == (True, True, (0.75, 0))


def test_a_run_goes_to_the_host_with_the_largest_share_of_free_places():
    found = hosts(OpenHost("a", BOTH, 8, 5), OpenHost("b", BOTH, 4, 2), OpenHost("c", BOTH, 2, 2))
    assert host_for("", "tf2", found) == "b"


def test_places_for_sessions_count_as_much_as_places_for_runs():
    found = hosts(OpenHost("a", BOTH, 8, 0, free_sessions=0.1), OpenHost("b", BOTH, 8, 4, free_sessions=0.9))
    assert host_for("", "tf2", found) == "b"


def test_free_memory_decides_between_equals():
    found = hosts(OpenHost("a", BOTH, 8, 0, memory=1 << 30), OpenHost("b", BOTH, 8, 0, memory=1 << 32))
    assert host_for("", "tf2", found) == "b"


def test_a_host_takes_only_runtimes_that_it_offers():
    found = hosts(OpenHost("a", ("tf1",), 8, 0), OpenHost("b", ("tf2",), 8, 7))
    assert (host_for("", "tf1", found), host_for("", "tf2", found)) == ("a", "b")


def test_nothing_new_starts_on_a_draining_host_and_what_is_bound_to_it_goes_on():
    found = hosts(OpenHost("a", BOTH, 8, 0, is_draining=True))
    assert (host_for("", "tf2", found), host_for("a", "tf2", found)) == (None, "a")


def test_a_bound_run_waits_for_its_host():
    found = hosts(OpenHost("a", BOTH, 2, 2), OpenHost("b", BOTH, 2, 0))
    assert (host_for("a", "tf2", found), host_for("gone", "tf2", found)) == (None, None)


def test_without_bound_runs_positions_follow_the_order():
    assert positions(["x", "y", "z"], {}) == {"x": 1, "y": 2, "z": 3}


def test_runs_that_are_bound_to_another_host_are_not_ahead():
    order = ["on a", "anywhere", "on b", "also on a", "last"]
    bound = {"on a": "a", "on b": "b", "also on a": "a"}
    assert positions(order, bound) == {"on a": 1, "anywhere": 2, "on b": 2, "also on a": 3, "last": 5}


def test_runs_that_are_all_bound_to_one_host_are_in_one_line():
    order = ["x", "y", "z"]
    assert positions(order, dict.fromkeys(order, "a")) == {"x": 1, "y": 2, "z": 3}
