"""Sign-ins that wait in a line, and pages that hash for each of them."""

import asyncio
from datetime import timedelta

from django.utils import timezone

from config.hashing import TURN, Turn, TurnNeeded
from config.server.kinds import Rank
from config.server.scope import PARTY, PATIENCE, RANK
from config.server.sign_ins import SignIns

SIGN_IN = {"type": "http", "method": "POST", "path": "/accounts/login/", "headers": [], RANK: Rank.STRANGER}
LONG_AGO = timezone.now() - timedelta(seconds=PATIENCE + 1)
BODY = {"type": "http.request", "body": b"login=ada", "more_body": False}


class Pages:
    """Hashes for every sign-in, and holds those that have a turn until `release`. Answers everything else at once."""

    def __init__(self):
        self.begun, self.in_turn, self.hashed, self.answered = [], [], [], []
        self.release = asyncio.Event()

    async def __call__(self, scope, receive, send):
        body = await receive()
        assert body == BODY
        self.begun.append(scope)
        if scope["path"] == SIGN_IN["path"]:
            if TURN.get() is Turn.NOT_YET:
                raise TurnNeeded
            self.in_turn.append(scope)
            await self.release.wait()
            self.hashed.append(scope[PARTY])
        await send({"type": "http.response.start", "status": status_for(scope[PARTY]), "headers": []})
        self.answered.append(scope["path"])


def status_for(party):
    """A wrong password shows the form again."""
    return 200 if str(party).startswith("attacker") else 302


class Site:
    """Sends sign-ins, and records the answers."""

    def __init__(self, pages, places=1, patience=60.0, pause=0.0):
        self.app, self.told = SignIns(pages, places=places, patience=patience, pause=pause), []
        self.asked = []

    def ask(self, party, *, times=1, **changes):
        for _ in range(times):
            self.asked.append(asyncio.create_task(self.one({**SIGN_IN, PARTY: party, **changes})))

    async def one(self, scope):
        async def receive():
            return BODY

        async def send(message):
            if "status" in message:
                self.told.append((scope[PARTY], message["status"]))

        await self.app(scope, receive, send)

    async def answered(self):
        await asyncio.gather(*self.asked)
        line = self.app.line
        assert (line.inside, line.waiting, line.known_inside) == ({}, {}, 0)


async def step():
    """Let everything run that can run without waiting."""
    for _ in range(50):
        await asyncio.sleep(0)
