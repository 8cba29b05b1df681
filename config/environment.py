"""What the environment says, read once, each variable with its hint; wrong values stop the start with a sentence."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
DEMO_KEY = "only-for-a-demo-on-loopback-never-in-production-0123456789"


def refuse(name: str, problem: str, hint: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} {problem}. {hint} (docs/operations.md lists every variable.)")


@dataclass(frozen=True)
class Environment:
    """The variables that begin with FINALCHECK_, typed; raises ImproperlyConfigured with a hint."""

    values: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(f"FINALCHECK_{name}", default).strip()

    def flag(self, name: str) -> bool:
        value = self.text(name, "0").lower()
        if value not in {"0", "1", "", "true", "false", "yes", "no"}:
            raise refuse(f"FINALCHECK_{name}", f"is {value!r}", "Write 1 or 0.")
        return value in {"1", "true", "yes"}

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def threads(self) -> int:
        """How many pages one web process works on at a time."""
        text = self.text("THREADS", "8")
        if not text.isdecimal() or not 1 <= int(text) <= 64:
            raise refuse("FINALCHECK_THREADS", f"is {text!r}", "Write a whole number from 1 to 64.")
        return int(text)

    @property
    def is_demo(self) -> bool:
        return self.flag("DEMO")

    @property
    def is_debug(self) -> bool:
        return self.flag("DEBUG")

    @property
    def is_production(self) -> bool:
        """Anything told its public address; all else is a checkout on one's own machine."""
        return bool(self.text("PUBLIC_URL"))

    def data_folder(self) -> Path:
        folder = Path(self.text("DATA") or ROOT / "var")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def secret_key(self) -> str:
        key = self.text("SECRET_KEY")
        if not key and not self.is_production:
            return DEMO_KEY
        if len(key) < 50:
            hint = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'."
            raise refuse("FINALCHECK_SECRET_KEY", "is missing or shorter than 50 characters", hint)
        return key

    def public_host(self) -> str:
        url = urlsplit(self.text("PUBLIC_URL"))
        if url.scheme != "https" or not url.hostname:
            raise refuse("FINALCHECK_PUBLIC_URL", "is no https address", "Write https://learn.example.org.")
        return url.hostname

    def hosts(self) -> list[str]:
        local = ["localhost", "127.0.0.1", "[::1]"]
        public = [self.public_host()] if self.is_production else []
        return public + self.words("HOSTS") + local

    def mailer(self) -> dict[str, object]:
        """Without a server, mail is printed: a demo's reset links are in the log."""
        url = urlsplit(self.text("EMAIL_URL"))
        if not url.scheme:
            return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
        if url.scheme not in {"smtp", "smtps"} or not url.hostname:
            raise refuse("FINALCHECK_EMAIL_URL", "is no mail server", "Write smtps://user:password@host:465.")
        is_tls_at_once = url.scheme == "smtps"
        options = {
            "host": url.hostname,
            "port": url.port or (465 if is_tls_at_once else 587),
            "username": unquote(url.username or ""),
            "password": unquote(url.password or ""),
            "use_ssl": is_tls_at_once,
            "use_tls": not is_tls_at_once,
        }
        return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}

    def mail_sender(self) -> str:
        host = self.public_host() if self.is_production else "localhost"
        return self.text("EMAIL_FROM") or f"finalcheck@{host}"

    def database(self) -> dict[str, object]:
        url = self.text("DATABASE_URL") or f"sqlite:///{self.data_folder() / 'finalcheck.sqlite3'}"
        parts = urlsplit(url)
        if parts.scheme == "sqlite":
            return sqlite(unquote(parts.path[1:]))
        if parts.scheme in {"postgres", "postgresql"}:
            return postgresql(url)
        raise refuse(
            "FINALCHECK_DATABASE_URL",
            f"begins with {parts.scheme!r}",
            "Write sqlite:///path or postgres://user:password@host/name.",
        )


def sqlite(name: str) -> dict[str, object]:
    """WAL, writers one after another, and durable before it is acknowledged (I10)."""
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 15,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    return {"ENGINE": "config.sqlite", "NAME": name, "OPTIONS": options}


def postgresql(url: str) -> dict[str, object]:
    """A pool per process; no statement outlives the 20 s that a request has (D6)."""
    parts = urlsplit(url)
    limits = "-c statement_timeout=18000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=60000"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 16, "timeout": 15}, "options": limits},
    }


environment = Environment(os.environ)
