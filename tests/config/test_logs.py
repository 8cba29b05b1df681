"""The log as JSON, with the ids of requests and without secrets or personal data."""

import json
import logging
import re
import signal
import sqlite3
from contextlib import closing
from http.cookiejar import CookieJar
from io import StringIO
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import OperationalError

from bench.rig.ports import free_port
from config.environment import Environment
from config.logs import REQUEST_ID, RefusalsAsInformation, TextLines, WithoutKnownTracebacks
from config.mail import PrintedMail
from config.scrubbing import LEFT_OUT, LONGEST, scrubber
from config.up.supervisor import json_line, text_line
from tests.collector import Collector
from tests.labs.lives import wait_until
from tests.product import up

TOKEN = "a-token-of-this-test-0123456789"
DSN_KEY = "a-key-of-the-collector-0123"
KEY = "a-key-of-this-test-0123456789-abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("to ada@example.org.", "to [email]."),
        ("redis://user:pw@10.0.0.1:6379", "redis://[credentials]@10.0.0.1:6379"),
        ("Not Found: /accounts/password/reset/key/2-abc123/", "Not Found: /accounts/password/reset/key/[key]/"),
        ("Not Found: /join/abc123/", "Not Found: /join/[key]/"),
        ("Not Found: /invited/12.abc-123/", "Not Found: /invited/[key]/"),
        ("Not Found: /listed/12.abc-123/", "Not Found: /listed/[key]/"),
        ("Not Found: /calendar/abc123.ics", "Not Found: /calendar/[key]"),
        ("Not Found: /api/v1/labs/abc/files/of ada.csv", "Not Found: /api/v1/labs/abc/files/[file]"),
        ("Not Found: /api/v1/labs/abc/files/ada.csv [12ab]", "Not Found: /api/v1/labs/abc/files/[file] [12ab]"),
        ("GET /api/v1/runs/abc/files/of%20ada/a.csv 200", "GET /api/v1/runs/abc/files/[file] 200"),
        ("Not Found: /accounts/confirm-email/MQ:1abc:xyz/", "Not Found: /accounts/confirm-email/[key]/"),
        ("Authorization: Bearer 0123456789abcdef", "Authorization: Bearer [secret]"),
        ("duplicate key\nDETAIL:  Key (name)=(Ada) exists.\nmore", "duplicate key\nDETAIL: [left out]\nmore"),
        ("the key is s3cr3t-value", "the key is [secret]"),
        ("12:04 GET /courses/deep/ 200", "12:04 GET /courses/deep/ 200"),
    ],
)
def test_secrets_and_personal_data_are_replaced(text, shown):
    assert scrubber(("s3cr3t-value",))(text) == shown


def test_an_ordinary_conflict_is_no_warning():
    record = logging.makeLogRecord({"levelno": logging.WARNING, "levelname": "WARNING", "status_code": 409})
    other = logging.makeLogRecord({"levelno": logging.WARNING, "levelname": "WARNING", "status_code": 404})
    for entry in (record, other):
        assert RefusalsAsInformation().filter(entry)
    assert (record.levelname, other.levelname) == ("INFO", "WARNING")
    assert "config.logs.RefusalsAsInformation" in str(settings.LOGGING["filters"])
    assert "refusals" in settings.LOGGING["loggers"]["django.request"]["filters"]


def test_an_address_is_looked_for_once_in_each_word():
    """A path of 64,000 letters, which every 404 logs, may not be searched from each of its letters."""
    address = LEFT_OUT[1][0]
    text = "of ada.lovelace@example.org"
    assert [at for at in range(len(text)) if address.match(text, at)] == [text.index("ada")]
    assert scrubber(())("a" * LONGEST) == "a" * LONGEST


def test_a_text_that_is_too_long_is_logged_without_its_middle():
    logged = scrubber(())("begin" + "a" * 1_000_000 + "end")
    assert len(logged) <= LONGEST
    assert logged.startswith("beginaa")
    assert logged.endswith("aaend")
    assert " characters left out] " in logged


def test_without_secrets_nothing_is_taken_for_one():
    assert scrubber(())("a text") == "a text"


def test_passwords_are_known_as_written_and_as_meant():
    values = {"FINALCHECK_DATABASE_URL": "postgres://finalcheck:p%40ssword@127.0.0.1/finalcheck"}
    assert Environment(values).secrets() == ("p%40ssword", "p@ssword")


FORGED = "2026-11-27 12:00:00,000 INFO portal The grade is 100 %"
HOSTILE = f"a\n{FORGED}\r\x1b[2J\x9b31m\u202ereversed\u2028{FORGED}\x00"
ESCAPED = rf"a\n{FORGED}\r\x1b[2J\x9b31m\u202ereversed\u2028{FORGED}\x00"


@pytest.fixture
def lines():
    """Return how a record is logged as text, and the lines of the log after it."""
    printed = StringIO()
    handler = logging.StreamHandler(printed)
    handler.setFormatter(TextLines("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.Logger("portal")
    logger.addHandler(handler)
    return logger, lambda: printed.getvalue().splitlines()


def test_nothing_in_a_message_looks_like_another_entry(lines):
    logger, logged = lines
    logger.warning("Not Found: %s", HOSTILE)
    (line,) = logged()
    assert line.endswith(f" WARNING portal Not Found: {ESCAPED}")


def test_nothing_in_an_error_looks_like_another_entry(lines):
    logger, logged = lines
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        logger.exception("It broke")
    first, *others = logged()
    assert first.endswith(" ERROR portal It broke")
    assert {line[:4] for line in others} == {"    "}
    assert [line.strip() for line in others[-2:]] == ["ValueError: a", ESCAPED.removeprefix(r"a\n")]


def test_an_error_names_its_request(lines):
    logger, logged = lines
    token = REQUEST_ID.set("12ab")
    try:
        raise ValueError
    except ValueError:
        logger.exception("It broke")
    finally:
        REQUEST_ID.reset(token)
    assert logged()[0].endswith(" ERROR portal It broke [12ab]")


def test_a_database_that_is_away_is_one_line_and_any_other_error_has_its_traceback(lines):
    logger, logged = lines
    logger.addFilter(known := WithoutKnownTracebacks())
    away, error = OperationalError("it is\naway"), ValueError("it broke")
    try:
        logger.error("It failed", exc_info=away)
        logger.error("It failed", exc_info=ExceptionGroup("two steps", [away, ExceptionGroup("a row", [away])]))
        logger.error("It failed", exc_info=ExceptionGroup("two steps", [away, error]))
    finally:
        logger.removeFilter(known)
    first, second, *others = logged()
    assert [line.partition("portal ")[2] for line in (first, second)] == [
        "It failed: it is away", "It failed: it is away; it is away",
    ]  # fmt: skip
    assert any("ValueError: it broke" in line for line in others)


def test_a_line_that_is_no_json_becomes_some():
    assert json.loads(json_line("now", "web", "[INFO] Started")) == {
        "at": "now",
        "level": "info",
        "message": "[INFO] Started",
        "program": "web",
    }
    assert json.loads(json_line("now", "web", '{"message": "hello"}')) == {"message": "hello", "program": "web"}
    assert json.loads(json_line("now", "web", "{half"))["message"] == "{half"


@pytest.mark.parametrize("text", ["DETAIL:  Key (name)=(Ada) exists.", "\tada@example.org", "a\nada@example.org"])
def test_json_is_still_json_without_secrets(text):
    """Removed from the finished JSON, a quoted row took the closing quotes along, and an address half of an escape."""
    entry = json.loads(json_line("now", "web", json.dumps({"error": text, "logger": "django"})))
    assert entry == {"error": scrubber(())(text), "logger": "django", "program": "web"}


@pytest.mark.parametrize("line_of", [text_line, json_line])
@pytest.mark.parametrize(("variables", "is_whole"), [({}, True), ({"PUBLIC_URL": "https://learn.example.org"}, False)])
def test_only_a_demo_logs_the_links_of_its_mail(monkeypatch, line_of, variables, is_whole):
    for name, value in {"DEMO": "1", "EMAIL_URL": "", "PUBLIC_URL": "", **variables}.items():
        monkeypatch.setenv(f"FINALCHECK_{name}", value)
    link = "http://localhost:8000/accounts/password/reset/key/2-abc123/"
    text = f"To choose another password for your account on this site, follow the link {link}\n"
    printed = StringIO()
    PrintedMail(stream=printed).send_messages([EmailMessage("Reset", text, to=["ada@example.org"])])
    lines = [line_of("now", "web", line) for line in printed.getvalue().splitlines()]
    assert any(link in line for line in lines) is is_whole
    assert link not in line_of("now", "web", f"Not Found: {link}")


def test_the_log_of_a_running_product_is_json_with_ids_and_without_secrets(tmp_path):
    """Ask for a page, a wrong sign-in, a link with a key, and a mail that cannot be sent; read what was logged and reported."""
    port, log = free_port(), tmp_path / "log" / "finalcheck.log"
    variables = {"LOG": "json", "ACCESS_LOG": "1", "SECRET_KEY": KEY, "METRICS_TOKEN": TOKEN}
    variables |= {
        "RUNNER_SOCKET": str(tmp_path / "none"),
        "EMAIL_URL": f"smtp://mailer:mail-pass-1@127.0.0.1:{free_port()}",
    }
    with (
        Collector() as collector,
        up(port, tmp_path, SENTRY_DSN=f"http://{DSN_KEY}@{collector.place}/1", **variables) as process,
    ):
        assert process.stdout
        try:
            for line in process.stdout:
                if "Finalcheck is at" in line:
                    break
            ids = talk_to(f"http://localhost:{port}", tmp_path)
            wait_until(lambda: all(each in log.read_text() for each in ids))
            wait_until(lambda: collector.received)
        finally:
            process.send_signal(signal.SIGTERM)  # it ends the programs that it started
        process.stdout.read()
    text = log.read_text()
    entries = [json.loads(line) for line in text.splitlines()]
    assert {"web", "worker"} <= {entry["program"] for entry in entries}
    accesses = {entry["request"]: entry for entry in entries if entry.get("logger") == "finalcheck.access"}
    assert [(accesses[each]["method"], accesses[each]["view"], accesses[each]["status"]) for each in ids] == [
        ("GET", "account_login", 200),
        ("POST", "account_login", 200),
        ("GET", "account_reset_password_from_key", 200),
        ("GET", "unknown page", 404),
        ("POST", "account_reset_password", 500),
    ]
    broken = [entry for entry in entries if "ConnectionRefusedError" in entry.get("error", "")]
    assert ids[4] in {entry["request"] for entry in broken}
    (report,) = collector.errors()
    assert (report["tags"], report["transaction"]) == ({"program": "web", "request": ids[4]}, "account_reset_password")
    for secret in (KEY, TOKEN, DSN_KEY, "mail-pass-1", "grace@example.org", "guessed-password", "/key/2-abc123"):
        assert secret not in text + str(report)


def talk_to(url: str, data) -> list[str]:
    """Send the requests and return the ids of their answers."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    with closing(sqlite3.connect(data / "finalcheck.sqlite3")) as database, database:
        database.execute("UPDATE course_user SET email = 'grace@example.org' WHERE username = 'learner'")
    ids = []

    def ask(path: str, **form: str) -> str:
        token = {"csrfmiddlewaretoken": TOKEN_IN.search(page)[1]} if form else {}
        body = urlencode({**form, **token}).encode() if form else None
        try:
            answer = opener.open(Request(f"{url}{path}", body, {"Referer": url, "Authorization": f"Bearer {TOKEN}"}))
        except HTTPError as error:
            answer = error
        ids.append(answer.headers["X-Request-ID"])
        return answer.read().decode()

    page = ""
    page = ask("/accounts/login/")
    ask("/accounts/login/", login="grace@example.org", password="guessed-password")
    ask("/accounts/password/reset/key/2-abc123/nowhere/")
    ask("/2-abc123/")
    ask("/accounts/password/reset/", email="grace@example.org")
    return ids


TOKEN_IN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
