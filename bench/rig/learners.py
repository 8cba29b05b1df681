"""What learners do with the product, as their browsers send it: answer, save a draft, read pages."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bench.rig.client import Browser, Failed

COURSE = "/courses/deep-learning-with-tensorflow/"
FORM = re.compile(r'<form[^>]*\saction="/questions/(\w+)/check/".*?</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
LINKS = {"lessons": re.compile(r'href="(/lessons/\w+/)'), "assessments": re.compile(r'href="(/assessments/\w+/)')}
WITH_CHOICES = ("true_false", "single_choice")


def token_in(page: str) -> str:
    """Return the CSRF token of a page. Raises Failed if it has none."""
    match = TOKEN.search(page)
    if not match:
        raise Failed("the page has no form with a CSRF token")
    return match[1]


@dataclass
class QuestionForm:
    """The form of one question, with what a learner could choose in it."""

    question: str
    fields: dict[str, str]
    choices: list[str]

    @property
    def kind(self) -> str:
        return self.fields["type"]

    def filled(self, response: str) -> dict[str, str]:
        return {**self.fields, f"q-{self.question}": response}


def forms_in(html: str) -> Iterator[QuestionForm]:
    """Yield the forms of the questions that still accept an answer."""
    for match in FORM.finditer(html):
        choices = re.findall(rf'name="q-{match[1]}" value="(\w+)"', match[0])
        yield QuestionForm(match[1], dict(HIDDEN.findall(match[0])), choices)


class Learner:
    """A signed-in learner of the course we ship, with the addresses that the outline lists."""

    def __init__(self, port: int, sessions: Iterator[str]) -> None:
        self.browser, self.sessions = Browser(port), sessions
        self.addresses: dict[str, list[str]] = {}

    async def begin(self) -> None:
        self.browser.sign_in(next(self.sessions))
        outline = (await self.browser.get(COURSE)).text
        self.addresses = {name: sorted(set(link.findall(outline))) for name, link in LINKS.items()}

    async def rest(self) -> None:
        """Called after each step. A learner who has finished is followed by the next one here."""


AHEAD = 3  # learners whose pages a client reads before it answers, because these pages are not part of an answer


class Answering(Learner):
    """Answers every question with choices or a number; then the next learner does."""

    todo: list[QuestionForm]

    async def begin(self) -> None:
        self.waiting = [await self.next_learner() for _ in range(AHEAD)]
        self.take_turn()

    async def next_learner(self) -> tuple[dict[str, str], list[QuestionForm]]:
        """Return the cookies of the next learner and the forms of their questions, in random order."""
        self.browser.headers = {}
        await super().begin()
        todo: list[QuestionForm] = []
        for address in self.addresses["assessments"]:
            todo += filter(is_simple, forms_in((await self.browser.get(address)).text))
        random.shuffle(todo)
        return self.browser.cookies, todo

    def take_turn(self) -> None:
        self.browser.cookies, self.todo = self.waiting.pop()
        self.browser.headers = {"HX-Request": "true"}

    async def step(self) -> None:
        form = self.todo.pop()
        attempt = int(form.fields["number"]) - 1
        response = form.choices[attempt] if form.choices else f"{1234.5 + attempt}"
        answer = await self.browser.post(f"/questions/{form.question}/check/", form.filled(response))
        if "data-standing-now" not in (html := answer.text):
            raise Failed(f"no card came back: {html[:200]}")
        self.todo += forms_in(html)

    async def rest(self) -> None:
        if self.todo:
            return
        if self.waiting:
            self.take_turn()
        else:
            await self.begin()


def is_simple(form: QuestionForm) -> bool:
    return form.kind == "numeric" or form.kind in WITH_CHOICES


class Sitting(Learner):
    """Sits the exam: presses Start, then saves drafts of a question with a number."""

    async def begin(self) -> None:
        await super().begin()
        exam, page = await self.find_exam()
        if "/start/" in page:
            await self.browser.post(f"{exam}start/", {"csrfmiddlewaretoken": token_in(page)}, expect=302)
        self.exam, self.form = exam, await self.find_number(exam)
        self.browser.headers = {"Accept": "application/json"}

    async def find_exam(self) -> tuple[str, str]:
        for address in self.addresses["assessments"]:
            page = (await self.browser.get(address)).text
            if "/start/" in page or "hand-in" in page:
                return address, page
        raise Failed("the course has no exam that this learner can sit")

    async def find_number(self, exam: str) -> QuestionForm:
        for position in range(1, 26):
            for form in forms_in((await self.browser.get(f"{exam}{position}/")).text):
                if form.kind == "numeric":
                    return form
        raise Failed("no question of this exam asks for a number")

    async def step(self) -> None:
        draft = self.form.filled(str(random.randrange(10**6)))
        saved = await self.browser.post(f"/questions/{self.form.question}/draft/", draft)
        self.form.fields["revision"] = str(json.loads(saved.body)["revision"])


class ReadingExam(Sitting):
    """Reads the second question of the exam again and again."""

    async def step(self) -> None:
        await self.browser.get(f"{self.exam}2/")


class Reading(Learner):
    """Reads one kind of page again and again."""

    def page(self) -> str:
        raise NotImplementedError

    async def step(self) -> None:
        await self.browser.get(self.page())


class ReadingLessons(Reading):
    def page(self) -> str:
        return random.choice(self.addresses["lessons"])


class ReadingReview(Reading):
    def page(self) -> str:
        return self.addresses["assessments"][0]


class ReadingProgress(Reading):
    def page(self) -> str:
        return f"{COURSE}progress/"


class ReadingOutline(Reading):
    def page(self) -> str:
        return COURSE
