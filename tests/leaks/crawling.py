"""Send requests as everybody, and read everything that comes back for canaries that this person may not see."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus, urlencode

from asgiref.sync import async_to_sync
from django.core import mail

from config.logs import JsonLines, TextLines
from mail.services import send_due_mail
from tests.leaks.canaries import Canary, canaries_in, readable, readable_header
from tests.leaks.routes import Route
from tests.leaks.world import World
from tests.undoing import undone

TABLE = Path(__file__).with_name("who_may_see.txt")
TEXT, JSON = TextLines("%(asctime)s %(levelname)s %(name)s %(message)s"), JsonLines()


@dataclass(frozen=True)
class Leak:
    """A canary that its reader may not see, and where it appeared."""

    route: str
    request: str
    role: str
    state: str
    where: str
    canary: Canary

    def __str__(self) -> str:
        return f"{self.canary} · {self.where} of {self.request} ({self.route}) · to {self.role} · {self.state}"


@cache
def table() -> dict[str, dict[str, str]]:
    """Return who_may_see.txt: by kind of canary and by column, `yes`, `-` or what must be true."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    head, *rows = lines
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def may_see(secret: Canary, role: str, route: Route, world: World) -> bool:
    """Decide by the table whether this person may see a canary in this state on this route."""
    cell = table()[secret.kind][world.column(role, secret)]
    return any(holds(each, secret, role, route, world) for each in cell.split("|"))


def holds(condition: str, secret: Canary, role: str, route: Route, world: World) -> bool:
    fact, _, places = condition.partition("@")
    fact = f"opened by {role}" if fact == "opened" else fact
    is_true = fact == "yes" or (fact, secret.of) in world.facts
    return is_true and (not places or any(place in route.name for place in places.split(",")))


class Lines(logging.Handler):
    """Everything that would be written to the log, in both formats."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said += [TEXT.format(record), JSON.format(record)]


@contextmanager
def log_read() -> Iterator[list[str]]:
    """Collect what the programs log, instead of printing it."""
    lines, root = Lines(), logging.getLogger()
    before, root.handlers = root.handlers, [lines]
    try:
        yield lines.said
    finally:
        root.handlers = before


@dataclass(frozen=True)
class Sent:
    """The body of a request, its type, and further headers."""

    data: bytes = b""
    kind: str = "application/octet-stream"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes


EMPTY = Sent()
BROKEN = (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.BAD_GATEWAY)


def form_sent(fields: dict[str, Any]) -> Sent:
    return Sent(urlencode(fields).encode(), "application/x-www-form-urlencoded")


def json_sent(body: Any) -> Sent:
    return Sent(json.dumps(body, default=str).encode(), "application/json")


@dataclass
class Crawler:
    """`asked` counts the requests, `statuses` the answers by status, and `seen` every canary that came out by kind and role."""

    world: World
    logged: list[str]
    leaks: list[Leak] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def asked(self) -> int:
        return sum(self.statuses.values())

    def ask(self, route: Route, role: str, method: str, address: str, sent: Sent = EMPTY) -> Answer:
        """Send one request, undo what it changed, and note what it gave away."""
        self.logged.clear()
        mail.outbox.clear()
        with undone():
            told = self.world.client(role).generic(method, address, sent.data, sent.kind, headers=dict(sent.headers))
            cookies = [(f"Set-Cookie {name}", str(each)) for name, each in told.cookies.items()]
            answer = Answer(told.status_code, dict(told.headers.items()), body_of(told))
        request = f"{method} {address}"
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        if answer.status in BROKEN:
            self.broken.append(f"{answer.status} · {request} ({route.name}) · {role} · {self.world.state}")
        known = canaries_in(f"{address} {sent.data.decode()} {unquote_plus(sent.data.decode())}", self.world.secrets)
        self.check(route, request, role, "the body", readable(answer.content), known)
        for name, value in [*answer.headers.items(), *cookies]:
            self.check(route, request, role, f"the header {name}", readable_header(value), known)
        self.read_beside(route, request)
        return answer

    def read_sent_mail(self) -> None:
        """Let a worker send the mail that waits, read it as those who get it, and undo that."""
        self.logged.clear()
        mail.outbox.clear()
        with undone():
            send_due_mail(clock=lambda: self.world.now)
        self.read_beside(Route("sent mail", ""), "a worker")

    def read_beside(self, route: Route, request: str) -> None:
        """Read what a request leaves beside its answer: mail to somebody, and lines in the log, which is for nobody."""
        by_address = {person.email: name for name, person in self.world.people.items()}
        for letter in mail.outbox:
            text = f"{letter.message().as_string()}\n{letter.subject}\n{letter.body}"
            for address in letter.recipients():
                reader = by_address.get(address, "visitor")
                self.check(route, request, reader, "a mail", text.replace(address, ""), set())
        for line in self.logged:
            for secret in canaries_in(line, self.world.secrets):
                self.leaks.append(Leak(route.name, request, "the log", self.world.state, "a line", secret))

    def check(self, route: Route, request: str, role: str, where: str, text: str, known: set[Canary]) -> None:
        """Note the canaries that this person may not see. A random token may look like one, but not like one of our kinds."""
        found = {each for each in canaries_in(text, self.world.secrets) - known if each.kind in table()}
        for secret in found:
            self.seen.add((secret.kind, self.world.column(role, secret), route.name))
            if not may_see(secret, role, route, self.world):
                self.leaks.append(Leak(route.name, request, role, self.world.state, where, secret))


def body_of(answer: Any) -> bytes:
    """Return the whole body, also of a stream. A stream of events ends, because the runs of this world are finished."""
    if not answer.streaming:
        return answer.content
    if answer.is_async:
        return async_to_sync(gathered)(answer)
    return b"".join(answer.streaming_content)


async def gathered(answer: Any) -> bytes:
    return b"".join([part async for part in answer.streaming_content])
