"""What learners do with the floor: the same as in bench/rig/learners.py."""

import random
from collections.abc import Iterator

from bench.floor.counts import QUESTIONS
from bench.rig.client import Browser, Failed
from bench.rig.learners import token_in


class FloorLearner:
    def __init__(self, port: int, sessions: Iterator[str]) -> None:
        self.browser, self.sessions = Browser(port), sessions
        self.question, self.token = random.randrange(QUESTIONS), ""

    async def begin(self) -> None:
        self.browser.cookies = {"sessionid": next(self.sessions)}
        self.token = token_in((await self.browser.get("/page/0/")).text)

    def turn(self) -> int:
        self.question = (self.question + 1) % QUESTIONS
        return self.question

    async def rest(self) -> None:
        """Never finishes, so needs no next learner."""


class FloorAnswering(FloorLearner):
    async def step(self) -> None:
        form = {"response": random.choice((0, 1)), "csrfmiddlewaretoken": self.token}
        answer = await self.browser.post(f"/answer/{self.turn()}/", form)
        if b"feedback" not in answer.body:
            raise Failed("no feedback came back")


class FloorReading(FloorLearner):
    async def step(self) -> None:
        await self.browser.get(f"/page/{self.turn()}/")


class FloorReadingProgress(FloorLearner):
    async def step(self) -> None:
        await self.browser.get("/progress/")
