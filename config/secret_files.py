"""Settings that a file holds, as container engines mount secrets: FINALCHECK_SECRET_KEY_FILE=/run/secrets/key."""

from functools import cache
from pathlib import Path

from config.misconfigured import misconfigured

# Settings that a file may hold.
SECRETS = frozenset({
    "DATABASE_URL", "EMAIL_URL", "METRICS_TOKEN", "OLD_SECRET_KEYS", "REDIS_URL", "SECRET_KEY", "SENTRY_DSN",
})  # fmt: skip
LONGEST_SECRET = 10_000  # bytes


@cache
def secret_in(name: str, file: str) -> str:
    """Return what a file holds, without blanks around it. It is read once in each process; restart to read it again."""
    hint = "Name a file that this user may read, with the value alone on one line."
    try:
        with Path(file).open("rb") as content:
            secret = content.read(LONGEST_SECRET + 1).decode().strip()
    except OSError as problem:
        raise misconfigured(name, f"cannot be used: {file} cannot be read ({problem.strerror})", hint) from None
    except UnicodeDecodeError:
        raise misconfigured(name, f"cannot be used: {file} holds no text", hint) from None
    if not secret or len(secret.encode()) > LONGEST_SECRET or "\n" in secret:
        raise misconfigured(name, f"cannot be used: {file} holds no single line of text", hint)
    return secret
