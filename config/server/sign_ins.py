"""Password hashes: a few at a time, strangers' addresses with few failures first, and a place reserved for known devices.

A hash takes a core for a fifth of a second. A request that needs one and has no turn yet is put off: what it did is
undone, it waits without a thread, and it is answered anew when its turn comes. So a wrong name, a locked account, a
passkey or a sign-out waits for no hash.
"""

import asyncio
import os
from collections import Counter, deque
from dataclasses import dataclass
from itertools import islice

from config.environment import environment
from config.hashing import TURN, Turn, TurnNeeded
from config.server.connections import has_left
from config.server.fullness import FULLNESS
from config.server.kinds import SIGN_INS, Rank
from config.server.parties import Party, account_of_device
from config.server.refusing import refuse_request
from config.server.scope import MOST, PARTY, RANK, RECEIVED, Application, Message, Receive, Scope, Send, announced
from foundation import clock

PATIENCE = 100.0  # seconds in the line; a hall of 500 needs 45 seconds of two cores
MOST_OF_ADDRESS, MOST_OF_KNOWN = 600, 4  # requests that may hash, at a time
MOST_IN_ALL = 3000  # of addresses, and again of those who are known
SOME = 64  # guests that are compared to find one that gives way
FEW, FEW_IN_ALL = 4, 8  # of a guest, and of all: more are not tried before their turn, which costs each a page
FORGETS = 60.0  # seconds after which half of the hashes and failures of each guest are forgotten
PAUSE = 5.0  # seconds before a refusal, so that programs that try again at once take no core from those who wait
SUCCESS = frozenset({201, 302, 303})  # a form that is wrong is shown again, with 200
# allauth counts requests to these before it hashes, so none of them may be answered twice
COUNTED = (
    "/accounts/signup/",
    "/accounts/reauthenticate/",
    "/accounts/password/change/",
    "/accounts/password/set/",
    "/accounts/password/reset/key/",
)


def at_once() -> int:
    """Return how many passwords of strangers one web process hashes at a time: all processes together, one on each core."""
    return max(1, (os.cpu_count() or 1) // environment.web_processes())


@dataclass(frozen=True)
class Guest:
    """Who waits for a hash: an address, a person who is known, or the account that a known device belongs to."""

    party: Party
    is_known: bool


class GaveWay(Exception):
    """A request left the line, which was full, for one of somebody who had none in it."""


class HashLine:
    """A line for `places` hashes at a time, and one more that only known guests may take.

    Next is a guest with the fewest failures, of these one with the fewest requests (refused ones too, up to a few), and
    of these one with the fewest hashes in the last minutes. So who sends one request waits for no crowd, and two crowds
    take turns.
    """

    def __init__(self, places: int) -> None:
        self.free, self.known_inside = places + 1, 0
        self.inside, self.refused = Counter[Guest](), Counter[Guest]()
        self.failures, self.hashes = Counter[Guest](), Counter[Guest]()
        self.total = {True: 0, False: 0}  # of those inside who are known, and of addresses
        self.waiting = dict[Guest, deque[asyncio.Future[None]]]()
        self.forgot_at = clock.now()

    def enter(self, guest: Guest) -> bool:
        """Count a request that may hash. Return False if its guest has too many in the line, or if the line is full."""
        most = MOST_OF_KNOWN if guest.is_known else MOST_OF_ADDRESS
        if self.inside[guest] >= most or (self.total[guest.is_known] >= MOST_IN_ALL and not self.make_room(guest)):
            self.refused[guest] += 1
            return False
        self.inside[guest] += 1
        self.total[guest.is_known] += 1
        return True

    def make_room(self, guest: Guest) -> bool:
        """Let the last request of another guest give way to the first one of this guest. Return whether one does.

        The other guest has more failures, or as many and more requests, and is the one with most of a few.
        """
        if self.inside[guest]:
            return False
        some = [other for other in islice(self.waiting, SOME) if other.is_known == guest.is_known]
        worst = max(some, key=lambda other: (self.failures[other], self.inside[other]), default=guest)
        if (self.failures[worst], self.inside[worst]) <= (self.failures[guest], 1):
            return False
        turns = self.waiting[worst]
        turn = turns.pop()
        if not turns:
            del self.waiting[worst]
        if not turn.done():
            turn.set_exception(GaveWay)
        return True

    def leave(self, guest: Guest) -> None:
        self.total[guest.is_known] -= 1
        self.inside[guest] -= 1
        if not self.inside[guest]:
            del self.inside[guest]

    def has_place(self, guest: Guest) -> bool:
        is_last_kept = not guest.is_known and not self.known_inside
        return self.free > is_last_kept

    def take_now(self, guest: Guest) -> bool:
        """Take a place, if one is free. Nobody waits for it: a place that becomes free is given at once."""
        if not self.has_place(guest):
            return False
        self.take(guest)
        return True

    def take(self, guest: Guest) -> None:
        self.forget()
        self.free -= 1
        self.hashes[guest] += 1
        self.known_inside += guest.is_known

    def give_back(self, guest: Guest) -> None:
        self.free += 1
        self.known_inside -= guest.is_known
        self.give_next()

    async def wait(self, guest: Guest, patience: float) -> None:
        """Wait for a place. Raises TimeoutError and GaveWay."""
        turn = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(guest, deque()).append(turn)
        self.give_next()
        try:
            async with asyncio.timeout(patience):
                await turn
        except (TimeoutError, asyncio.CancelledError):
            if turn.done() and not turn.cancelled():  # it was given at the same moment
                self.give_back(guest)
            raise

    def give_next(self) -> None:
        while (guest := self.next_guest()) is not None:
            turns = self.waiting[guest]
            turn = turns.popleft()
            if not turns:
                del self.waiting[guest]
            if not turn.done():
                self.take(guest)
                turn.set_result(None)

    def next_guest(self) -> Guest | None:
        can_go = [guest for guest in self.waiting if self.has_place(guest)]
        return min(can_go, key=self.place_in_line, default=None)

    def place_in_line(self, guest: Guest) -> tuple[int, int, int]:
        requests = self.inside[guest] + self.refused[guest] + FULLNESS.refusals(guest.party)
        return self.failures[guest], min(requests, FEW), self.hashes[guest]

    def note(self, guest: Guest, *, is_success: bool) -> None:
        """Remember how a sign-in ended. A success makes up for a failure, so that a hall with a few slips stays ahead."""
        self.failures[guest] += -1 if is_success else 1
        if self.failures[guest] <= 0:
            del self.failures[guest]

    def forget(self) -> None:
        """Halve what is remembered, if it is time. A guest who did one thing only is forgotten."""
        if (clock.now() - self.forgot_at).total_seconds() > FORGETS:
            self.failures, self.hashes, self.refused = map(halved, (self.failures, self.hashes, self.refused))
            self.forgot_at = clock.now()


def halved(counts: Counter[Guest]) -> Counter[Guest]:
    return Counter({guest: number // 2 for guest, number in counts.items() if number > 1})


class SignIns:
    """An ASGI application that passes requests on, and lets those that hash a password wait for a place.

    A person, and a device on which an account has signed in before, have a place that strangers cannot take.
    """

    def __init__(
        self, handle: Application, *, places: int | None = None, patience: float = PATIENCE, pause: float = PAUSE
    ) -> None:
        self.handle, self.patience, self.pause = handle, patience, pause
        self.line = HashLine(places or at_once())
        self.trying = 0  # requests that are being answered before their turn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST" or scope.get(RANK) == Rank.ANSWER or announced(scope) > MOST:
            await self.handle(scope, receive, send)
            return
        guests, body = guests_of(scope), await arrived_body(receive)
        if not is_sign_in(scope["path"]):
            await self.without_turn(guests[0], body, scope, receive, send)
        elif (guest := next(filter(self.line.enter, guests), None)) is None:
            await asyncio.sleep(self.pause)
            await refuse_request(scope, send, "too_many_sign_ins")
        else:
            try:
                await self.sign_in(guest, body, scope, receive, self.noting(guest, scope["path"], send))
            finally:
                self.line.leave(guest)

    async def sign_in(self, guest: Guest, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        if self.line.take_now(guest):
            await self.in_turn(guest, body, scope, receive, send)
        elif self.line.inside[guest] > FEW or self.trying >= FEW_IN_ALL or scope["path"].startswith(COUNTED):
            await self.when_turn_comes(guest, body, scope, receive, send)
        else:
            await self.without_turn(guest, body, scope, receive, send)

    async def without_turn(self, guest: Guest, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request if it needs no hash, otherwise when its turn comes."""
        self.trying += 1
        try:
            await self.attempt(scope, replaying(body, receive), send, Turn.NOT_YET)
            return
        except TurnNeeded:
            pass  # it is answered anew below
        finally:
            self.trying -= 1
        await self.when_turn_comes(guest, body, scope, receive, send)

    async def when_turn_comes(self, guest: Guest, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.line.wait(guest, self.patience)
        except TimeoutError:
            await refuse_request(scope, send, "server_full")
        except GaveWay:
            await refuse_request(scope, send, "too_many_sign_ins")
        else:
            await self.in_turn(guest, body, scope, receive, send)

    async def in_turn(self, guest: Guest, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that has a turn, before those that have none.

        After the wait it counts as just received, because no deadline depends on it.
        """
        turn = Turn.KNOWN if guest.is_known else Turn.STRANGER
        scope = {**scope, RECEIVED: clock.now(), RANK: Rank.PERSON}
        try:
            if not has_left(scope):
                await self.attempt(scope, replaying(body, receive), send, turn)
        finally:
            self.line.give_back(guest)

    def noting(self, guest: Guest, path: str, send: Send) -> Send:
        """Return `send`, which remembers whether a sign-in succeeded. Other forms say nothing about a password."""
        if path not in SIGN_INS:
            return send

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.line.note(guest, is_success=message["status"] in SUCCESS)
            await send(message)

        return sending

    async def attempt(self, scope: Scope, receive: Receive, send: Send, turn: Turn) -> None:
        """Let the request be answered in this context, of which its thread gets a copy."""
        before = TURN.set(turn)
        try:
            await self.handle(scope, receive, send)
        finally:
            TURN.reset(before)


def is_sign_in(path: str) -> bool:
    """Return whether strangers send passwords to this address."""
    return path in SIGN_INS or path.startswith(COUNTED)


def guests_of(scope: Scope) -> list[Guest]:
    """Return the guests as which a request may wait, the best first. One teacher may have signed in on all devices of a hall."""
    party = scope.get(PARTY, "")
    guest = Guest(party, is_known=isinstance(party, int))
    if guest.is_known or not is_sign_in(scope["path"]) or (account := account_of_device(scope)) is None:
        return [guest]
    return [Guest(account, is_known=True), guest]


async def arrived_body(receive: Receive) -> bytes:
    """Return a body that has arrived."""
    pieces = [message := await receive()]
    while message.get("more_body"):
        pieces.append(message := await receive())
    return b"".join(piece.get("body", b"") for piece in pieces)


def replaying(body: bytes, receive: Receive) -> Receive:
    """Return what gives the body once more, and then what comes after it."""
    left = [body]

    async def replay() -> Message:
        return {"type": "http.request", "body": left.pop(), "more_body": False} if left else await receive()

    return replay
