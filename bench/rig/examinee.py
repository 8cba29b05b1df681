"""A learner who sits the exam in a browser: what the pages and their scripts send, from Start to the result."""

import asyncio
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.rig.client import Browser, Failed
from bench.rig.learners import QuestionForm, forms_in, token_in

ASKED_EVERY = 4.0  # seconds between two questions of an exam's page for its deadline (static/js/exam.js)
CLOCK = re.compile(r'data-clock="([^"]+)"')
LEARNER = re.compile(r'data-learner="(\w+)"')
JSON = {"Accept": "application/json"}


@dataclass
class Times:
    """How long each kind of request took, in seconds, and what failed."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)

    @contextmanager
    def of(self, kind: str) -> Iterator[None]:
        """Time the block, and record a request that fails."""
        began = time.perf_counter()
        try:
            yield
        except Failed as problem:
            self.failures.append(f"{kind}: {problem}")
            raise
        finally:
            self.seconds[kind].append(time.perf_counter() - began)


class Examinee:
    """`saved` is the last response to each question that the server acknowledged: the form's fields, and the revision."""

    def __init__(self, port: int, session: str, exam: str, times: Times) -> None:
        self.browser, self.exam, self.times = Browser(port), exam, times
        self.browser.sign_in(session)
        self.forms: list[QuestionForm] = []
        self.saved: dict[str, tuple[str, int]] = {}
        self.learner, self.clock = "", ""

    async def start(self) -> None:
        """Open the exam's page, press Start, and follow to the first question."""
        with self.times.of("page before the exam"):
            page = (await self.browser.get(self.exam)).text
        with self.times.of("Start"):
            await self.browser.post(f"{self.exam}start/", {"csrfmiddlewaretoken": token_in(page)}, expect=302)
        with self.times.of("redirect to the question"):
            await self.browser.get(self.exam, expect=302)
        with self.times.of("exam page"):
            page = (await self.browser.get(f"{self.exam}1/")).text
        self.learner, self.clock = LEARNER.search(page)[1], CLOCK.search(page)[1]
        self.forms = [form for form in forms_in(page) if form.choices or form.kind in ("numeric", "text")]
        random.shuffle(self.forms)

    async def work(self, ends_at: float, every: float) -> None:
        """Save a response `every` so many seconds, and ask for the deadline in between, up to a time of the event loop."""
        now = asyncio.get_running_loop().time
        save_at, ask_at = now() + every, now() + ASKED_EVERY
        while (next_at := min(save_at, ask_at)) < ends_at:
            await asyncio.sleep(next_at - now())
            with suppress(Failed):
                await (self.save() if next_at == save_at else self.ask())
            if next_at == save_at:
                save_at += every
            else:
                ask_at = now() + ASKED_EVERY
        await asyncio.sleep(ends_at - now())

    async def ask(self) -> None:
        """Ask for the deadline, as the page's script does."""
        with self.times.of("deadline"):
            await self.browser.get(self.clock)

    async def save(self) -> None:
        """Go to the next question and type a response, which its page saves."""
        form = self.forms[0]
        self.forms.append(self.forms.pop(0))
        fields = form.filled(response_to(form))
        with self.times.of("question seen"):
            await self.browser.post(
                f"{form.fields['next']}seen/", {"csrfmiddlewaretoken": fields["csrfmiddlewaretoken"]}
            )
        self.browser.headers = JSON
        try:
            with self.times.of("save"):
                answer = await self.browser.post(f"/questions/{form.question}/draft/", fields)
                form.fields["revision"] = str(json.loads(answer.body)["revision"])
                self.saved[form.question] = (urlencode(fields), int(form.fields["revision"]))
        finally:
            self.browser.headers = {}

    async def hand_in(self) -> None:
        """Open the page that lists what is left, confirm, and look at the result."""
        with self.times.of("page before handing in"):
            page = (await self.browser.get(f"{self.exam}hand-in/")).text
        with self.times.of("hand in"):
            await self.browser.post(f"{self.exam}hand-in/", {"csrfmiddlewaretoken": token_in(page)}, expect=302)
        with self.times.of("result"):
            await self.browser.get(self.exam)
        self.browser.close()


def response_to(form: QuestionForm) -> str:
    if form.choices:
        return random.choice(form.choices)
    return str(random.randrange(10**6)) if form.kind == "numeric" else f"response {random.randrange(10**6)}"
