"""Admit a request before its body is read: by its kind, its size, and what its party holds already."""

from config.server.books import REQUESTS, STREAMS, Book
from config.server.connections import count_for
from config.server.fullness import FULLNESS
from config.server.kinds import STREAM_OF_EVENTS, Kind, Rank, rank_of, request_kind
from config.server.parties import account_of_device, is_from_site, party_of
from config.server.refusing import refuse_request
from config.server.scope import FULL, MOST, MOST_BYTES, PARTY, RANK, Application, Receive, Scope, Send, announced

CREDENTIALS = frozenset({b"cookie", b"authorization"})
OF_DEVICES = "/accounts/"  # where browsers send the cookie of a known device


class Admission:
    """An ASGI application that lets requests into `handle` as far as the budget goes."""

    def __init__(self, handle: Application) -> None:
        self.handle = handle
        self.requests, self.streams = Book(REQUESTS), Book(STREAMS)  # streams last long

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind, party = request_kind(scope), party_of(scope)
        rank = rank_of(kind, is_known=isinstance(party, int), is_from_site=is_from_site(scope))
        most, book = most_bytes_of(kind, scope), self.streams if kind is STREAM_OF_EVENTS else self.requests
        problem = "body_too_large" if announced(scope) > most else book.problem(party, rank)
        if problem:
            FULLNESS.refuse(party)
            await refuse_request(scope, send, problem)
            return
        if scope["path"] == "/heartbeat" and (body := FULLNESS.heartbeat_body()):
            scope[FULL] = body
        count_for(scope, party)
        scope[PARTY], scope[RANK], scope[MOST_BYTES] = party, rank_of_turn(rank, scope), most
        book.take(party, rank)
        try:
            await self.handle(scope, receive, send)
        finally:
            book.give_back(party, rank)


def rank_of_turn(rank: Rank, scope: Scope) -> Rank:
    """Return the rank in which a request waits for its turn: on a device that is known, signing in waits for no stranger."""
    signs_in = rank is Rank.STRANGER and scope["path"].startswith(OF_DEVICES)
    return Rank.PERSON if signs_in and account_of_device(scope) is not None else rank


def most_bytes_of(kind: Kind, scope: Scope) -> int:
    """Return how many bytes the body may have.

    Django refuses larger pages of people unread, with a page of its own. What names no credential is never large.
    """
    if all(name not in CREDENTIALS for name, _ in scope["headers"]):
        return kind.most_of_stranger
    return kind.most if kind.most < MOST else 1 << 40
