"""Ask the web server for heartbeats, and remember what happened without one, from which the cause of an outage follows (D20)."""

import http.client
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.core import signing
from django.db import DatabaseError, InterfaceError

from foundation import clock
from foundation.clock import Uptime, Wall
from quizzes.rules.full_servers import FullSpan, full_spans
from quizzes.rules.heartbeats import SEEN, DatabaseState, HeartbeatReply, SeenCause
from quizzes.rules.outages import MOST_SIGHTINGS, Sighting, SweeperReport, report_body
from quizzes.services.full_servers import record_full
from quizzes.services.heartbeat import HEARTBEAT, probe_database

PATIENCE = 10.0  # seconds for the web server to answer
SLACK = timedelta(seconds=1)  # by which every wait may be late
LONGEST_REQUEST = timedelta(seconds=2 * PATIENCE)  # to connect and to get an answer
LARGEST_ANSWER = 1 << 20  # bytes that are read

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HeartbeatAnswer:
    """What a request for a heartbeat got. `reply` is None if the heartbeat was recorded; `problem` says why it was not."""

    reply: HeartbeatReply | None
    problem: str = ""
    full: tuple[FullSpan, ...] = ()


class HeartbeatWatch:
    """What a sweeper has seen since the last heartbeat. It asks again when told to, and notices if that was late.

    `now` reads the time, and `uptime` the time since boot, which nobody can set.
    """

    def __init__(self, now: Wall, uptime: Uptime = clock.uptime) -> None:
        self.now, self.uptime = now, uptime
        self.asking_since = self.reached = now()
        self.due_at: timedelta | None = None
        self.seen: list[Sighting] = []

    @property
    def report(self) -> SweeperReport:
        return SweeperReport(self.asking_since, tuple(self.seen))

    def wait_until(self, pause: float) -> None:
        """Expect to be back after so many seconds."""
        self.due_at = self.uptime() + timedelta(seconds=pause)

    def be_back(self) -> None:
        """Remember how late this process is, because the machine gave it no processor for that long."""
        if self.due_at is not None:
            self.note_lateness(self.uptime() - self.due_at)
        self.due_at = None

    def note_lateness(self, late: timedelta) -> None:
        if late > SLACK:
            now = self.now()
            self.add(Sighting(now - late, now, SeenCause.MACHINE_STALLED))

    def saw(self, seen: SeenCause) -> None:
        """Remember what the time since the last request says."""
        self.add(Sighting(self.reached, self.now(), seen))

    def add(self, sighting: Sighting) -> None:
        """Append a sighting, or let the last one go on if it says the same."""
        last = self.seen[-1] if self.seen else None
        if last and last.seen is sighting.seen and last.ended_at == sighting.began_at:
            sighting = sighting._replace(began_at=self.seen.pop().began_at)
        self.seen = [*self.seen, sighting][-MOST_SIGHTINGS:]
        self.reached = sighting.ended_at

    def was_recorded(self) -> None:
        """Begin again: the web server has recorded a heartbeat, and what was seen before it."""
        self.seen, self.reached = [], self.now()

    def ask(self, url: str) -> str:
        """Ask once. Return "" or why no heartbeat was recorded."""
        self.be_back()
        asked_at = self.uptime()
        answer = ask_for_heartbeat(url, self.report)
        late = self.uptime() - asked_at - LONGEST_REQUEST
        if answer.reply is None:
            self.was_recorded()
        else:
            is_dead = answer.reply is HeartbeatReply.REFUSED
            database = DatabaseState.WORKS if is_dead else probe_database(now=self.now())
            self.saw(SEEN[answer.reply, database])
        self.note_lateness(late)
        keep_full(answer.full, now=self.now())
        return answer.problem


def keep_full(spans: Iterable[FullSpan], *, now: datetime) -> None:
    """Record when a web server was full. Without a database nothing is lost, because the server tells again."""
    try:
        for span in spans:
            record_full(from_at=span.from_at, until_at=span.until_at, holders=span.holders, now=now)
    except (DatabaseError, InterfaceError) as error:
        log.warning("what the web server tells of its load is not stored yet: %s", error)


def ask_for_heartbeat(url: str, report: SweeperReport) -> HeartbeatAnswer:
    """Ask the web server to record that it answers, and tell it what was seen before."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
    try:
        body = signing.dumps(report_body(report), salt=HEARTBEAT)
        connection.request("POST", "/heartbeat", body, {"Host": "localhost"})
        response = connection.getresponse()
        return answer_in(response.status, response.read(LARGEST_ANSWER))
    except (OSError, http.client.HTTPException) as error:
        return HeartbeatAnswer(reply_of(error), f"did not answer ({type(error).__name__})")
    finally:
        connection.close()


def answer_in(status: int, body: bytes) -> HeartbeatAnswer:
    """Return what an answer says."""
    full = tuple(full_spans(json_in(body)))
    if status in (http.client.NO_CONTENT, http.client.OK):
        return HeartbeatAnswer(None, full=full)
    reply = HeartbeatReply.FULL if full else HeartbeatReply.FAILED
    return HeartbeatAnswer(reply, f"answered {status}", full)


def json_in(body: bytes) -> object:
    try:
        return json.loads(body or b"null")
    except ValueError:
        return None


def reply_of(error: Exception) -> HeartbeatReply:
    """Return what an error of the connection says."""
    match error:
        case ConnectionRefusedError():
            return HeartbeatReply.REFUSED
        case TimeoutError():
            return HeartbeatReply.SILENT
        case ConnectionError() | http.client.BadStatusLine() | http.client.IncompleteRead():
            return HeartbeatReply.CLOSED
        case _:
            return HeartbeatReply.FAILED
