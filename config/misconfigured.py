"""How a wrong setting stops every program."""

from urllib.parse import SplitResult, urlsplit


class Misconfigured(SystemExit):
    """A setting is wrong. Python prints the message without a traceback and exits with status 1, in every program."""


def misconfigured(name: str, problem: str, hint: str) -> Misconfigured:
    return Misconfigured(f"{name} {problem}. {hint} (docs/operations.md lists every variable.)")


def split_url(name: str, url: str, hint: str) -> SplitResult:
    """Split `url`; raise Misconfigured if it is malformed. The message never quotes the URL, which may hold a password."""
    try:
        parts = urlsplit(url)
        is_port = parts.port != 0  # reading the port checks it
    except ValueError:
        is_port = False
    if not is_port:
        raise misconfigured(name, "is malformed: its host or port cannot be read", hint)
    return parts
