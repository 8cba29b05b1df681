"""Every page has the same bytes with and without the pieces for speed.

Pages are asked for twice with all pieces, the second time in the other order, so that each shows what was kept for others.
The third time they are made without one piece, or without all. What may differ is random: tokens, nonces, the size of what
is compressed. Kept parts and compact templates leave out indentation, so it is left out of both pages there.
"""

import gzip
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest

from foundation.fast.compact import HTML_TAG, VERBATIM
from foundation.fast.keeping import KeptFragment, KeptFragments, fragments
from foundation.fast.pieces import PIECES
from foundation.throttles import Openings, Reads, Writes
from tests.leaks.plans import SIGNS_OUT, TELLING, routes
from tests.leaks.routes import Route, addresses
from tests.leaks.taking import in_state, states
from tests.leaks.world import World, make_world
from tests.pieces import without
from tests.rounds import second_round
from tests.undoing import undone

pytestmark = pytest.mark.django_db

ROLES = ("visitor", "ada", "bob", "instructor", "admin")
LEAVE_OUT_SPACES = {"kept_parts", "compact_templates"}
# These act when a process starts, or where nothing is shown (test_pieces.py).
AT_START = {"lazy_imports", "seldom_collections", "request_turns", "log_copies", "schema_script"}
ON_PAGES = tuple(piece for piece in PIECES if piece not in AT_START)
RANDOM = (
    re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+'),
    re.compile(r'(nonce=")[^"]+'),
    re.compile(r'(type="hidden" name="key" value=")[^"]+'),
)
# Pages with a new secret, challenge or salt, figures of this process, and a stream, of which a person may have only some open
NOT_COMPARED = {
    *("mfa_activate_totp", "mfa_add_webauthn", "mfa_login_webauthn", "statement", "api-statement"),
    *("metrics", "readyz", "api-run-events"),
}


class Shown(NamedTuple):
    """What somebody got at an address, without what is random."""

    status: int
    kind: str
    text: str


class Asked(NamedTuple):
    role: str
    address: str


def pages_of(world: World, names: set[str] | None = None) -> list[Asked]:
    """Return each page and call that reads, for each role: those of `names`, or all that the course has."""
    return [
        Asked(role, address)
        for route in routes()
        if is_asked(route, names)
        for role in ROLES
        if role != "admin" or route.name.startswith("admin:")
        for address in addresses(route, world)[: None if route.name in TELLING else 2]
    ]


def is_asked(route: Route, names: set[str] | None) -> bool:
    if route.name in NOT_COMPARED or route.name in SIGNS_OUT:
        return False
    return route.name in names if names else not route.name.startswith("admin:") or route.name.count("_") < 3


def shown(world: World, asked: Asked) -> Shown:
    """Ask for a page. What that changes is undone."""
    with undone():
        answer = world.client(asked.role).get(asked.address, headers={"accept-encoding": "gzip"})
        content = b"" if answer.streaming else answer.content
    if answer.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    kind = answer.headers.get("Content-Type", "")
    text = content.decode() if kind.startswith(("text/", "application/json")) else ""
    for pattern in RANDOM:
        text = pattern.sub(r"\1", text)
    return Shown(answer.status_code, kind, text)


def without_spaces(text: str) -> str:
    """Return a page without its indentation and blank lines, and with single spaces in its tags."""
    parts = VERBATIM.split(text)
    return "".join(part if number % 2 else shortened(part) for number, part in enumerate(parts))


def shortened(part: str) -> str:
    tidy = HTML_TAG.sub(lambda tag: re.sub(r" (/?>)$", r"\1", re.sub(r"\s+", " ", tag[0])), part)
    return re.sub(r"[ \t]*\n\s*", "\n", tidy)


def kept_pages(world: World, asked: list[Asked]) -> dict[Asked, Shown]:
    """Ask for every page twice with all pieces, and return what the second time showed."""
    for page in asked:
        shown(world, page)
    return {page: shown(world, page) for page in reversed(asked)}


def differences(kept: dict[Asked, Shown], world: World, pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pages that differ without these pieces, each with its first line that does."""
    leaves_out_spaces = bool(LEAVE_OUT_SPACES & {*pieces})
    with without(*pieces):
        for page, before in kept.items():
            pair = (before, shown(world, page))
            if leaves_out_spaces:
                pair = tuple(found._replace(text=without_spaces(found.text)) for found in pair)
            if pair[0] != pair[1]:
                yield f"{page.role} {page.address}: {first_difference(*pair)}"


def first_difference(kept: Shown, plain: Shown) -> str:
    if kept[:2] != plain[:2]:
        return f"{kept[:2]} and {plain[:2]}"
    lines = [text.splitlines() for text in (kept.text, plain.text)]
    pairs = zip(*lines, strict=False)
    return next((f"{one[:300]!r} and {two[:300]!r}" for one, two in pairs if one != two), "one is longer")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A course with people of every role, without throttles."""
    for throttle in (Openings, Reads, Writes):
        monkeypatch.setattr(throttle, "rate", "1000000/second")
    return make_world()


def test_pages_of_learners_are_the_same_without_each_piece_and_without_all(world):
    with in_state(world, "exam running"):
        kept = kept_pages(world, pages_of(world, TELLING))
        assert len(kept) > 100
        assert {page.status for page in kept.values()} >= {200, 302, 404}
        assert len(fragments) > 50
        found = {piece: [*differences(kept, world, [piece])] for piece in ON_PAGES}
        assert {piece: pages for piece, pages in found.items() if pages} == {}
        assert [*differences(kept, world, PIECES)] == []


@second_round
def test_every_page_is_the_same_without_any_piece_in_every_state_of_a_course(world):
    for state in states(world):
        if state in ("one attempt used", "exam running", "withheld", "settled"):
            kept = kept_pages(world, pages_of(world))
            assert [*differences(kept, world, PIECES)] == [], state


def test_a_part_that_shows_more_than_its_key_would_be_seen(world, monkeypatch):
    asked = [Asked(role, f"/courses/{world.ids['slug']}/progress/") for role in ("ada", "bob")]
    with in_state(world, "final"):
        assert [*differences(kept_pages(world, asked), world, ["kept_parts"])] == []
        monkeypatch.setattr(KeptFragments, "get", fragments_of_anybody)
        assert {found.split()[0] for found in differences(kept_pages(world, asked), world, ["kept_parts"])} != set()


def fragments_of_anybody(self: KeptFragments, keys: Iterable[tuple]) -> list[KeptFragment | None]:
    """Return a fragment of the same part, whatever its keys: as if each look had forgotten them."""
    kept = {node_of(key): fragment for key, fragment in self._kept.items()}
    return [kept.get(node_of(key)) for key in keys]


def node_of(key: tuple) -> object:
    return key[0][0] if isinstance(key[0], tuple) else key[0]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("<p>\n  one\n\n two</p>", "<p>\none\ntwo</p>", True),
        ('<a\n   class="b"\n  >', '<a class="b">', True),
        ("<pre>\n  one</pre>", "<pre>\none</pre>", False),
        ("<p>one two</p>", "<p>onetwo</p>", False),
        ("<p>one two</p>", "<p>one  two</p>", False),
        ('<a class="b">', "<a>", False),
    ],
)
def test_only_indentation_is_left_out(one, other, is_same):
    assert (without_spaces(one) == without_spaces(other)) is is_same
