"""Learners of the topology: each sits the exam and runs code in a lab, and goes on through every fault as a browser does."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.rig.client import Browser, Failed
from bench.rig.examinee import Examinee, Times, response_to
from bench.rig.learners import QuestionForm

SAVE_EVERY, PAUSE, POLL = (
    4.0,
    1.0,
    0.7,
)  # seconds between saves, between a verdict and the next click, between two looks
SOURCE = "import time\nfor step in range(3):\n    print(step, flush=True)\n    time.sleep(0.5)"


class Steadfast(Examinee):
    """Sends a save that failed again, unchanged, until the server acknowledges it, like static/js/outbox.js.

    `unsure` are the responses that were sent after the last acknowledged one, by question: either may be the stored one.
    """

    def __init__(self, port: int, session: str, exam: str, times: Times) -> None:
        super().__init__(port, session, exam, times)
        self.pending: tuple[QuestionForm, dict[str, str]] | None = None
        self.acknowledged = 0
        self.unsure: dict[str, str] = {}

    async def save(self) -> None:
        if self.pending is None:
            form = self.forms[0]
            self.forms.append(self.forms.pop(0))
            self.pending = form, form.filled(response_to(form))
        form, fields = self.pending
        self.unsure[form.question] = urlencode(fields)
        self.browser.headers = {"Accept": "application/json"}
        try:
            with self.times.of("save"):
                answer = await self.browser.post(f"/questions/{form.question}/draft/", fields)
        except Failed as problem:
            if "status 409" in str(problem):  # the save that failed had arrived, so either response may be stored
                self.leave(form)
            raise
        finally:
            self.browser.headers = {}
        self.pending = None
        form.fields["revision"] = str(json.loads(answer.body)["revision"])
        self.saved[form.question] = (self.unsure.pop(form.question), int(form.fields["revision"]))
        self.acknowledged += 1

    def leave(self, form: QuestionForm) -> None:
        self.pending = None
        self.saved.pop(form.question, None)
        self.forms.remove(form)

    async def work_until(self, is_over: asyncio.Event) -> None:
        while not is_over.is_set() and self.forms:
            with suppress(Failed):
                await self.save()
            await asyncio.sleep(SAVE_EVERY)
        give_up_at = time.monotonic() + 60
        while self.pending is not None and time.monotonic() < give_up_at:
            with suppress(Failed):
                await self.save()
            await asyncio.sleep(POLL)

    async def insist_on_handing_in(self) -> None:
        """Hand in, again if it failed, as a person presses the button again."""
        give_up_at = time.monotonic() + 120
        while True:
            try:
                await self.hand_in()
            except Failed as problem:
                if "status 404" in str(problem) or time.monotonic() > give_up_at:
                    raise
                page = ""
                with suppress(Failed):
                    page = (await self.browser.get(self.exam)).text
                if page and "hand-in" not in page:
                    return  # the first time had arrived
                await asyncio.sleep(POLL)
            else:
                return


@dataclass
class LabWork:
    """The runs of one learner in a lab, over the API. `verdicts` holds those that ended, `open` one that has not."""

    port: int
    token: str
    lab: str
    cell: str
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    ordered: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    longest: float = 0.0

    def __post_init__(self) -> None:
        self.browser = Browser(self.port)
        self.browser.headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}

    async def ask(self, method: str, path: str, body: object = None, expect: int = 200) -> dict:
        data = None if body is None else json.dumps(body).encode()
        try:
            return json.loads((await self.browser.request(method, f"/api/v1{path}", expect, data)).body)
        except Failed as problem:
            self.failures.append(str(problem))
            raise

    async def work_until(self, is_over: asyncio.Event) -> None:
        while not is_over.is_set():
            with suppress(Failed):
                await self.click()
            await asyncio.sleep(PAUSE)

    async def click(self) -> None:
        order = {"cells": [{"id": self.cell, "source": SOURCE}], "cell": self.cell, "mode": "cell"}
        run = (await self.ask("POST", f"/labs/{self.lab}/runs/", order, 202))["id"]
        self.ordered.append(run)
        began = time.monotonic()
        while run not in self.verdicts:
            with suppress(Failed):
                await self.look(run)
            if time.monotonic() - began > 180:
                return  # counted as lost at the end
            await asyncio.sleep(POLL)
        self.longest = max(self.longest, time.monotonic() - began)

    async def look(self, run: str) -> None:
        found = await self.ask("GET", f"/runs/{run}/")
        if found["state"] == "finished":
            self.verdicts[run] = found["verdict"], found["message"]
