"""The log of security events: who got access, who was refused, which credentials changed.

It names people by the number of their account. The request's id, which each line has, leads to the proxy's log.
"""

import logging

log = logging.getLogger("finalcheck.security")


def log_security(event: str, *, account: int | None, **details: object) -> None:
    """Log a security event with the number of the account, or None if nobody is known. Never pass what people typed."""
    entry = {"event": event, "account": account, **details}
    log.info(" ".join(f"{name}={value}" for name, value in entry.items()), extra={"facts": entry})
