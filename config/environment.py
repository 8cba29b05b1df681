"""Read the environment once. Each variable has a hint, and a wrong value stops the start with a message."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from config.misconfigured import misconfigured, split_url
from config.secret_files import SECRETS, secret_in
from foundation.fast.pieces import PIECES
from labs.rules.hosts import is_host_name

ROOT = Path(__file__).resolve().parent.parent
WITHOUT_MAIL, PRINTED_MAIL = "config.mail.NoServer", "config.mail.PrintedMail"
PASSWORD = re.compile(r"://[^/@:]*:([^/@]+)@")
KNOWN = frozenset({
    "ACCESS_LOG", "BREACHED_PASSWORDS", "DATA", "DATABASE_URL", "DEBUG", "DELETION_WAITS_DAYS", "DEMO",
    "DISK_FREE_MB", "EMAIL_FROM", "EMAIL_URL", "EXPORTS_KEPT_DAYS", "FAST", "HOSTS", "HSTS_PRELOAD", "HSTS_SUBDOMAINS",
    "INVITATIONS_PER_DAY", "INVITATION_DAYS", "MAIL_CLASS_LISTS", "MEDIA_HOSTS",
    "LOG", "METRICS_HOST", "METRICS_PORT", "METRICS_TOKEN", "OLD_SECRET_KEYS", "OTLP_ENDPOINT", "PROXY", "PUBLIC_URL", "REDIS_URL",
    "RUNNERS", "RUNNER_GPU", "RUNNER_SOCKET", "RUNS_KEPT_DAYS", "SECRET_KEY", "SENTRY_DSN", "SESSIONS_KEPT_DAYS",
    "SIGN_IN_FAILURES", "SIGN_UP", "SITE_NAME", "STAFF_SESSION_HOURS", "THREADS", "UNUSED_ACCOUNTS_DAYS", "WEB_PROCESSES", "WEB_URL",
    "CHROMIUM", "PASSWORD", "TEST_DATABASE",  # of the tests and of the API's example
})  # fmt: skip
FLAGS = ("0", "1", "true", "false", "yes", "no")
DEMO_KEY = "only-for-a-demo-on-loopback-never-in-production-0123456789"


@dataclass(frozen=True)
class Environment:
    """The variables that begin with FINALCHECK_, with types. Raises Misconfigured with a hint."""

    values: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        text = self.values.get(f"FINALCHECK_{name}", default).strip()
        file = self.values.get(f"FINALCHECK_{name}_FILE", "").strip() if name in SECRETS else ""
        if text and file:
            hint = "Delete one of the two."
            raise misconfigured(f"FINALCHECK_{name}", f"and FINALCHECK_{name}_FILE are both set", hint)
        return secret_in(f"FINALCHECK_{name}_FILE", file) if file else text

    def refuse_unknown(self) -> None:
        """Raise Misconfigured if a variable begins with FINALCHECK_ and nothing reads it: it is probably misspelled."""
        for name in self.values:
            word = name.removeprefix("FINALCHECK_")
            is_secret = word.removesuffix("_FILE") in SECRETS
            if name.startswith("FINALCHECK_") and word not in KNOWN and not is_secret:
                near = get_close_matches(word, KNOWN, n=1, cutoff=0.5)
                hint = f"Did you mean FINALCHECK_{near[0]}?" if near else "Delete it."
                raise misconfigured(name, "is not a setting", hint)

    def whole_number(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if not text.isdecimal() or not least <= int(text) <= most:
            raise misconfigured(f"FINALCHECK_{name}", f"is {text!r}", f"Write a whole number from {least} to {most}.")
        return int(text)

    def flag(self, name: str, default: str = "0") -> bool:
        value = (self.text(name) or default).lower()
        if value not in FLAGS:
            raise misconfigured(f"FINALCHECK_{name}", f"is {value!r}", "Write 1 or 0.")
        return value in {"1", "true", "yes"}

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def fast_pieces(self) -> tuple[str, ...]:
        """Return the pieces of foundation/fast that are on: by default all, and with `none` not one of them."""
        names = self.words("FAST") or list(PIECES)
        if names == ["none"]:
            return ()
        for name in names:
            if name not in PIECES:
                near = get_close_matches(name, PIECES, n=1, cutoff=0.5)
                hint = f"Did you mean {near[0]}? " if near else ""
                hint += f"Write none, or some of {', '.join(PIECES)}."
                raise misconfigured("FINALCHECK_FAST", f"names {name!r}, which is not a piece", hint)
        return tuple(name for name in PIECES if name in names)

    def threads(self) -> int:
        """Return how many pages one web process answers at a time."""
        return self.whole_number("THREADS", 8, least=1, most=64)

    def web_processes(self) -> int:
        """Return how many processes answer pages. SQLite has one, whose writers wait for each other inside the process."""
        if not self.text("DATABASE_URL").startswith("postgres"):
            if self.whole_number("WEB_PROCESSES", 1, least=1, most=64) > 1:
                hint = "SQLite serves one process: write 1, or use PostgreSQL."
                raise misconfigured("FINALCHECK_WEB_PROCESSES", "is more than 1", hint)
            return 1
        return self.whole_number("WEB_PROCESSES", 2, least=1, most=64)

    def proxies(self) -> int:
        """Return how many proxies in front of the pages write X-Forwarded-For, 0 if none is trusted."""
        text = self.text("PROXY", "0")
        if text in {"2", "3", "4", "5"}:
            return int(text)
        if text.lower() not in FLAGS:
            raise misconfigured(
                "FINALCHECK_PROXY", f"is {text!r}", "Write 0, or how many proxies are in a row, 1 to 5."
            )
        return int(self.flag("PROXY"))

    def sign_in_failures(self) -> int:
        """Return how many sign-ins may fail in five minutes from one address, which a whole exam hall may share."""
        return self.whole_number("SIGN_IN_FAILURES", 300, least=10, most=100_000)

    def breached_passwords(self) -> str:
        """Return the path of a sorted file of SHA-1 digests of passwords that nobody may choose, or ""."""
        path = self.text("BREACHED_PASSWORDS")
        if path and not Path(path).is_file():
            hint = "Write the path of a sorted list of SHA-1 digests, such as Pwned Passwords."
            raise misconfigured("FINALCHECK_BREACHED_PASSWORDS", "names no file", hint)
        return path

    def staff_session(self) -> timedelta:
        """Return how long staff work before they confirm their second factor again."""
        return timedelta(hours=self.whole_number("STAFF_SESSION_HOURS", 12, least=1, most=168))

    def least_free_disk(self) -> int:
        """Return how many bytes must be free in the data folder for /readyz to answer 200."""
        return self.whole_number("DISK_FREE_MB", 500, least=1, most=1_000_000) << 20

    def days(self, name: str, default: int) -> timedelta:
        text = self.text(name, str(default))
        if not text.isdecimal() or not 1 <= int(text) <= 3650:
            raise misconfigured(f"FINALCHECK_{name}", f"is {text!r}", "Write a whole number of days from 1 to 3650.")
        return timedelta(days=int(text))

    def runners(self) -> dict[str, tuple[str, int]]:
        """Return host and port of the lab runners on other machines, by name. `manage.py runner enroll` makes a name's
        certificate.
        """
        hint = "Write a=runner-a.example.org:7443, with the name that you enrolled."
        runners: dict[str, tuple[str, int]] = {}
        for word in self.words("RUNNERS"):
            name, is_named, address = word.partition("=")
            url = split_url("FINALCHECK_RUNNERS", f"tls://{address}", hint)
            is_bare = f"tls://{address}" == f"tls://{url.netloc}" and "@" not in address
            if not is_named or not is_host_name(name) or not is_bare or not url.hostname or not url.port:
                raise misconfigured("FINALCHECK_RUNNERS", f"has {word!r}", hint)
            if name in runners:
                raise misconfigured("FINALCHECK_RUNNERS", f"names {name!r} twice", hint)
            runners[name] = (url.hostname, url.port)
        if runners and self.text("RUNNER_SOCKET"):
            hint = "Runners on other machines take the place of the one at a socket: set one of the two."
            raise misconfigured("FINALCHECK_RUNNERS", "and FINALCHECK_RUNNER_SOCKET are both set", hint)
        return runners

    @property
    def is_demo(self) -> bool:
        return self.flag("DEMO")

    @property
    def is_debug(self) -> bool:
        return self.flag("DEBUG")

    @property
    def is_production(self) -> bool:
        """Return whether a public address is set. Without one, this is a checkout on a developer's own machine."""
        return bool(self.text("PUBLIC_URL"))

    @property
    def prints_mail(self) -> bool:
        """Return whether mail is printed, because this is a demo without a mail server."""
        return self.is_demo and not self.is_production and not self.text("EMAIL_URL")

    def data_folder(self, *below: str) -> Path:
        """Return the data folder, or a folder below it. Create the folder if needed."""
        folder = Path(self.text("DATA") or ROOT / "var", *below)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            reason = f"cannot be used: {folder} cannot be created ({problem.strerror})"
            raise misconfigured("FINALCHECK_DATA", reason, "Name a folder that this user may write to.") from None
        return folder

    def secret_key(self) -> str:
        key = self.text("SECRET_KEY")
        if not key and not self.is_production:
            return DEMO_KEY
        if len(key) < 50:
            hint = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'."
            raise misconfigured("FINALCHECK_SECRET_KEY", "is missing or shorter than 50 characters", hint)
        return key

    def old_secret_keys(self) -> list[str]:
        """Return earlier secret keys, which still read what they signed or encrypted."""
        keys = self.words("OLD_SECRET_KEYS")
        if any(len(key) < 50 for key in keys):
            hint = "Write earlier values of FINALCHECK_SECRET_KEY, separated by commas."
            raise misconfigured("FINALCHECK_OLD_SECRET_KEYS", "has a key shorter than 50 characters", hint)
        return keys

    def metrics_port(self) -> int:
        """Return the port on which a worker or a sweeper that runs alone answers /metrics, 0 for none."""
        return self.whole_number("METRICS_PORT", 0, least=0, most=65535)

    def metrics_host(self) -> str:
        """Return the interface on which it answers. There it asks for no token, so others reach it only if told so."""
        return self.text("METRICS_HOST") or "127.0.0.1"

    def log_format(self) -> str:
        text = self.text("LOG", "text")
        if text not in {"text", "json"}:
            raise misconfigured("FINALCHECK_LOG", f"is {text!r}", "Write text or json.")
        return text

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be logged: keys, and the passwords in URLs as written and as meant."""
        urls = (self.text(name) for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"))
        passwords = [password for url in urls for password in PASSWORD.findall(url)]
        key = urlsplit(self.sentry_dsn()).username or ""
        keys = {self.text("SECRET_KEY"), *self.words("OLD_SECRET_KEYS"), self.text("METRICS_TOKEN"), key}
        secrets = {*keys, *passwords, *map(unquote, passwords)}
        return tuple(sorted(secret for secret in secrets if len(secret) >= 6))

    def metrics_token(self) -> str:
        """Return the secret with which a monitoring program reads /metrics and /readyz from elsewhere, or ""."""
        token = self.text("METRICS_TOKEN")
        if token and len(token) < 20:
            hint = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'."
            raise misconfigured("FINALCHECK_METRICS_TOKEN", "is shorter than 20 characters", hint)
        return token

    def otlp_endpoint(self) -> str:
        """Return where traces are sent, without a slash at the end, or ""."""
        text, hint = self.text("OTLP_ENDPOINT"), "Write http://127.0.0.1:4318."
        if not text:
            return ""
        url = split_url("FINALCHECK_OTLP_ENDPOINT", text, hint)
        is_bare = not url.query and not url.fragment and "@" not in url.netloc
        if url.scheme not in {"http", "https"} or not url.hostname or not is_bare:
            raise misconfigured("FINALCHECK_OTLP_ENDPOINT", "is not the address of a collector of traces", hint)
        return text.rstrip("/")

    def sentry_dsn(self) -> str:
        """Return where errors are reported, or ""."""
        text, hint = self.text("SENTRY_DSN"), "Write https://KEY@errors.example.org/1, as the collector shows it."
        if not text:
            return ""
        url = split_url("FINALCHECK_SENTRY_DSN", text, hint)
        is_bare = not url.query and not url.fragment and url.path.rpartition("/")[2].isdecimal()
        if url.scheme not in {"http", "https"} or not url.hostname or not url.username or not is_bare:
            raise misconfigured("FINALCHECK_SENTRY_DSN", "is not the address of a collector of errors", hint)
        return text

    def public_address(self) -> str:
        """Return the public host, with the port if it is not 443; "" without a public address."""
        if not self.is_production:
            return ""
        hint = "Write https://learn.example.org, without a path."
        url = split_url("FINALCHECK_PUBLIC_URL", self.text("PUBLIC_URL"), hint)
        is_bare = url.path in {"", "/"} and not url.query and not url.fragment and "@" not in url.netloc
        if url.scheme != "https" or not url.hostname or not is_bare:
            raise misconfigured("FINALCHECK_PUBLIC_URL", "is not an https address", hint)
        return url.netloc.lower().removesuffix(":443")

    def public_host(self) -> str:
        return urlsplit(f"//{self.public_address()}").hostname or ""

    def hosts(self) -> list[str]:
        local = ["localhost", "127.0.0.1", "[::1]"]
        public = [self.public_host()] if self.is_production else []
        for name in self.words("HOSTS"):
            if "/" in name:
                raise misconfigured(
                    "FINALCHECK_HOSTS", f"names {name!r}", "Write names without https://, such as a.example.org."
                )
        return public + self.words("HOSTS") + local

    def redis_url(self) -> str:
        text, hint = self.text("REDIS_URL"), "Write redis://127.0.0.1:6379/0."
        if text and split_url("FINALCHECK_REDIS_URL", text, hint).scheme not in {"redis", "rediss"}:
            raise misconfigured("FINALCHECK_REDIS_URL", "is not the address of a Redis server", hint)
        return text

    def web_url(self) -> str:
        """Return where the sweeper asks whether pages are served, or "". `up` passes its own web server."""
        text, hint = self.text("WEB_URL"), "Write http://127.0.0.1:8000."
        if not text:
            return ""
        url = split_url("FINALCHECK_WEB_URL", text, hint)
        if url.scheme != "http" or not url.hostname:
            raise misconfigured("FINALCHECK_WEB_URL", "is not an http address", hint)
        return text

    def mailer(self) -> dict[str, object]:
        """Return the mail settings.

        Without a mail server, a demo prints its mail, links included, to its log; any other host neither sends nor logs
        mail.
        """
        text, hint = self.text("EMAIL_URL"), "Write smtps://user:password@host:465, the password percent-encoded."
        if not text:
            return {"BACKEND": PRINTED_MAIL if self.prints_mail else WITHOUT_MAIL}
        url = split_url("FINALCHECK_EMAIL_URL", text, hint)
        is_bare = url.path in {"", "/"} and not url.query and not url.fragment
        if url.scheme not in {"smtp", "smtps"} or not url.hostname or not is_bare:
            raise misconfigured("FINALCHECK_EMAIL_URL", "is not the address of a mail server", hint)
        is_tls_at_once = url.scheme == "smtps"
        options = {
            "host": url.hostname,
            "port": url.port or (465 if is_tls_at_once else 587),
            "username": unquote(url.username or ""),
            "password": unquote(url.password or ""),
            "use_ssl": is_tls_at_once,
            "use_tls": not is_tls_at_once,
            "timeout": 30,
        }
        return {"BACKEND": "config.mail.MailServer", "OPTIONS": options}

    def mail_sender(self) -> str:
        sender = self.text("EMAIL_FROM") or f"finalcheck@{self.public_host() or 'localhost'}"
        _, at, host = parseaddr(sender)[1].partition("@")
        if not at or not host:
            raise misconfigured("FINALCHECK_EMAIL_FROM", f"is {sender!r}", "Write finalcheck@example.org.")
        return sender

    def database(self) -> dict[str, object]:
        url = self.text("DATABASE_URL") or f"sqlite:///{self.data_folder() / 'finalcheck.sqlite3'}"
        hint = "Write sqlite:///path or postgres://user:password@host/name, the password percent-encoded."
        parts = split_url("FINALCHECK_DATABASE_URL", url, hint)
        if parts.scheme not in {"sqlite", "postgres", "postgresql"}:
            raise misconfigured("FINALCHECK_DATABASE_URL", f"begins with {parts.scheme!r}", hint)
        if len(parts.path) < 2:
            raise misconfigured("FINALCHECK_DATABASE_URL", "names no database", hint)
        return sqlite(unquote(parts.path[1:])) if parts.scheme == "sqlite" else postgresql(url)


def sqlite(name: str) -> dict[str, object]:
    """Return SQLite's settings: WAL, one writer at a time, and durable before a save is acknowledged (I10).

    Each connection caches 512 kB instead of 2 MB: the system caches the file for all of them, and what a connection has
    cached is outdated when another one commits.
    """
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 15,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-512;",
    }
    return {"ENGINE": "config.sqlite", "NAME": name, "CONN_MAX_AGE": None, "OPTIONS": options}


TLS_OPTIONS = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey"})  # libpq's names
# How soon a connection fails if the database's machine is gone without a word: milliseconds for what was sent, and
# seconds for an answer that was awaited.
NOTICED = {"tcp_user_timeout": 5000, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}


def postgresql(url: str) -> dict[str, object]:
    """Return PostgreSQL's settings: a connection per thread, and no query longer than the 20 s of a request (D6).

    An unavailable database is noticed within five seconds and used again as soon as it is back.
    """
    parts = urlsplit(url)
    tls = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := set(tls) - TLS_OPTIONS:
        hint = f"After the name of the database, only {', '.join(sorted(TLS_OPTIONS))} may follow."
        raise misconfigured("FINALCHECK_DATABASE_URL", f"has the unknown option {min(unknown)!r}", hint)
    limits = "-c statement_timeout=18000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=60000"
    return {
        "ENGINE": "config.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "prepare_threshold": 0, "options": limits, **NOTICED, **tls},
    }


environment = Environment(os.environ)
