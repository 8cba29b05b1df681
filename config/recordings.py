"""The hosts from which lessons may show video and audio."""

import re

from config.environment import Environment
from config.misconfigured import misconfigured

HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
LONGEST = 253  # characters of a name in the DNS
HINT = "Write full names without https://, a port or *, such as media.example.org, and separate them by commas."


def media_hosts(environment: Environment) -> tuple[str, ...]:
    """Return the hosts that the operator allows: none by default. Raises Misconfigured."""
    names = [name.lower() for name in environment.words("MEDIA_HOSTS")]
    for name in names:
        if len(name) > LONGEST or not HOST.fullmatch(name):
            raise misconfigured("FINALCHECK_MEDIA_HOSTS", f"has {name!r}", HINT)
    return tuple(dict.fromkeys(names))
