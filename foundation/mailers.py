"""Whether this host sends mail."""

from django.conf import settings


def sends_mail() -> bool:
    """Return whether this host has a mail server (or prints its mail, as a demo does)."""
    backend: str = settings.MAILERS["default"]["BACKEND"]
    return backend != settings.MAILER_THAT_SENDS_NOTHING
