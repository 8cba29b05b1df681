"""People who send requests until the server answers, and write down what they send and what comes back."""

import asyncio
import json
import random
from contextlib import suppress
from itertools import count
from typing import Any

from bench.rig.client import Browser, Failed, Response
from tests.contract import hold
from tests.faults.journal import Exchange, Journal
from tests.faults.world import Person, World

AGAIN = 0.2  # seconds between two tries
MOST_TRIES = 5_000
TRY_AGAIN = (429, 503)  # throttled, or unavailable for a moment


class Unanswered(Exception):
    """A request that nobody answered, however often it was sent."""


class Caller:
    """One person at the API. Each POST has an Idempotency-Key, and every request is repeated unchanged until it is answered."""

    def __init__(self, port: int, person: Person, journal: Journal) -> None:
        self.person, self.journal = person, journal
        self.browser = Browser(port)

    async def call(self, method: str, path: str, body: object = None, *, key: str = "") -> Exchange:
        """Send a request until it is answered, and return it with its answer. Raises Unanswered."""
        number = next(self.journal.numbers)
        key = key or (f"request-{number}" if method == "POST" else "")
        said = {"who": str(self.person.pk), "method": method, "path": path, "body": body, "key": key}
        await self.journal.write(number=number, event="sent", **said)
        found = Exchange(number, **said)
        self.browser.headers = {"Authorization": f"Token {self.person.token}", "Content-Type": "application/json"}
        self.browser.headers |= {"Idempotency-Key": key} if key else {}
        for _ in range(MOST_TRIES):
            answer = await self.try_once(method, f"/api/v1{path}", body)
            wrong = undocumented(method, f"/api/v1{path}", answer) if answer else []
            if answer and answer.status < 500 and answer.status not in TRY_AGAIN:
                found.status, found.answer = answer.status, parsed(answer)
                await self.journal.write(
                    number=number, event="answered", status=found.status, answer=found.answer, undocumented=wrong
                )
                return found
            status = answer.status if answer else 0
            await self.journal.write(number=number, event="failed", status=status, undocumented=wrong)
            found.failures += 1
            await asyncio.sleep(AGAIN)
        raise Unanswered(f"{method} {path}")

    async def leave(self) -> None:
        """Close the connection."""
        streams = self.browser.streams
        self.browser.close()
        if streams:
            with suppress(OSError):
                await streams[1].wait_closed()

    async def try_once(self, method: str, path: str, body: object) -> Response | None:
        try:
            return await self.browser.send(method, path, None if body is None else json.dumps(body).encode())
        except Failed:
            return None


def undocumented(method: str, path: str, answer: Response) -> list[str]:
    """Return what the schema of the API does not say of an answer."""
    try:
        hold(method, path, answer.status, answer.headers.get("content-type", ""), answer.body)
    except (AssertionError, ValueError) as problem:
        return [f"{method} {path}: {problem}"]
    return []


def parsed(answer: Response) -> Any:
    try:
        return json.loads(answer.body or b"null")
    except ValueError:
        return answer.body.decode(errors="replace")


class Learner(Caller):
    """Answers the review, hands in one exam, and works on the other until its time is up.

    Nobody else uses the account, so that what each answer must be follows from the answers before.
    """

    def __init__(self, port: int, person: Person, journal: Journal, world: World, choices: random.Random) -> None:
        super().__init__(port, person, journal)
        self.world, self.choices = world, choices
        self.questions: list[dict[str, Any]] = []
        self.sittings: dict[str, str] = {}
        self.regraded = ""
        self.numbers = count(1)

    async def work(self, is_over: asyncio.Event) -> None:
        try:
            await self.take_the_course(is_over)
        finally:
            await self.leave()

    async def take_the_course(self, is_over: asyncio.Event) -> None:
        """Answer everything in turn, or leave off once everything is over."""
        world = self.world
        await self.look(world.regraded)
        self.regraded = self.questions[0]["id"]
        await self.check(self.questions[0])
        await self.look(world.review)
        await self.answer(25, is_over)
        for exam in (world.exam, world.short_exam):
            if is_over.is_set():
                return
            started = await self.call("POST", f"/assessments/{exam}/sitting/")
            self.sittings[exam] = started.answer["id"]
            await self.look(exam)
            await self.answer(25 if exam == world.exam else 10_000, is_over)
            if exam == world.exam:
                await self.call("POST", f"/sittings/{self.sittings[exam]}/submit/")

    async def look(self, assessment: str) -> None:
        """Read the questions of an assessment, with what is stored."""
        self.assessment = assessment
        self.questions = (await self.call("GET", f"/assessments/{assessment}/")).answer["questions"]
        for question in self.questions:
            question["revision"] = (question["draft"] or {"revision": 0})["revision"]

    async def answer(self, steps: int, is_over: asyncio.Event) -> None:
        """Save, check, flag and read, until nothing is left to answer or the time is up."""
        for _ in range(steps):
            left = [question for question in self.questions if not question["is_final"]]
            if not left or is_over.is_set():
                return
            question = self.choices.choice(left)
            dice = self.choices.random()
            if dice < 0.05:
                await self.look(self.assessment)
            elif dice < 0.1:
                if (await self.flag(question)).code == "sitting_over":
                    return
            elif (await (self.check(question) if dice < 0.2 else self.save(question))).code == "sitting_over":
                return

    async def save(self, question: dict[str, Any]) -> Exchange:
        body = {"response": self.response_to(question), "revision": question["revision"]}
        saved = await self.call("PUT", f"/questions/{question['id']}/draft/", body)
        if saved.status == 200:
            question["revision"] = saved.answer["revision"]
            self.journal.saves += 1
        elif saved.code == "stale_draft":  # something was lost; the oracle will say so
            question["revision"] = saved.answer["draft"]["revision"]
        return saved

    async def check(self, question: dict[str, Any]) -> Exchange:
        """Check a response. Sometimes, send the same request again after its answer."""
        path = f"/questions/{question['id']}/attempts/"
        body = {"response": self.response_to(question), "number": question["attempts_used"] + 1}
        checked = await self.call("POST", path, body)
        if checked.status == 201:
            question["attempts_used"] += 1
            question["revision"] += 1
            question["is_final"] = checked.answer["is_final"]
            self.journal.saves += 1
            if self.choices.random() < 0.2:
                await self.call("POST", path, body, key=checked.key)
        return checked

    async def flag(self, question: dict[str, Any]) -> Exchange:
        path = f"/questions/{question['id']}/flag/"
        return await self.call("PUT", path, {"is_flagged": self.choices.random() < 0.5})

    def response_to(self, question: dict[str, Any]) -> object:
        """Return a response that the learner has not given before, where the kind of question has so many."""
        if self.choices.random() < 0.3:
            return self.world.right[question["id"]]
        number = next(self.numbers)
        match question["type"]:
            case "numeric":
                return str(1000 + number)
            case "text":
                return f"word {number}"
            case "true_false":
                return self.choices.random() < 0.5
            case "single_choice":
                return self.choices.choice(question["options"])["id"]
            case _:
                ids = sorted(option["id"] for option in question["options"])
                return self.choices.sample(ids, self.choices.randint(1, len(ids)))


class Programmer(Caller):
    """Runs code, one run after the other."""

    async def work(self, is_over: asyncio.Event) -> None:
        while not is_over.is_set():
            run = await self.call("POST", "/runs/", {"code": "print(1)", "runtime": "tf2"})
            while run.status == 202 and not is_over.is_set():
                await asyncio.sleep(0.3)
                if (await self.call("GET", f"/runs/{run.answer['id']}/")).answer["state"] == "finished":
                    break
            await asyncio.sleep(0.5)
        await self.leave()


class Instructor(Caller):
    """Changes what counts. Each change has a reason that no other has, by which its record is found again.

    `working` are the learners who have begun, and `finished` those whose work the changes cannot disturb.
    """

    def __init__(self, port: int, person: Person, journal: Journal, world: World, choices: random.Random) -> None:
        super().__init__(port, person, journal)
        self.world, self.choices = world, choices
        self.working: list[Learner] = []
        self.finished: list[Learner] = []

    async def work(self, is_over: asyncio.Event) -> None:
        while not is_over.is_set():
            await asyncio.sleep(0.5)
            act = self.choices.choice((self.override, self.void, self.extend, self.regrade))
            if people := self.working if act == self.extend else self.finished:
                await act(self.choices.choice(people))
        await self.leave()

    async def order(self, what: str, **body: object) -> Exchange:
        reason = f"reason {next(self.journal.numbers)}"
        return await self.call("POST", f"/courses/{self.world.slug}/{what}/", {**body, "reason": reason})

    async def override(self, learner: Learner) -> None:
        cell = {"learner": str(learner.person.pk), "assessment": self.world.review}
        await self.order("overrides", **cell, points=str(self.choices.randint(0, 6)))
        if self.choices.random() < 0.5:
            await self.order("overrides/undo", **cell)

    async def void(self, learner: Learner) -> None:
        sitting = learner.sittings[self.world.exam]
        await self.order("voids", sitting=sitting)
        if self.choices.random() < 0.5:
            await self.order("voids/undo", sitting=sitting)

    async def extend(self, learner: Learner) -> None:
        if self.world.short_exam in learner.sittings:
            await self.order("extensions", sittings=[learner.sittings[self.world.short_exam]], minutes=1)

    async def regrade(self, learner: Learner) -> None:
        said = {"question": learner.regraded, "kind": "key", "response": self.choices.random() < 0.5, "lowers": True}
        made = await self.order("regrades", **said)
        if made.status == 201 and self.choices.random() < 0.7:
            await self.order(f"regrades/{made.answer['id']}/undo")
