"""Get to know people who signed in before this process started, or in another one.

Otherwise their first request counts against their address, and an attacker at the same address can keep them out.
"""

import logging
import threading

from django.db import Error, connection

from foundation.acquaintances import MOST, person_known_by, remember_credential

EVERY = 5.0  # seconds

log = logging.getLogger(__name__)


def meet_aside() -> None:
    """Let a thread of this process read the newest sessions, now and every few seconds."""
    threading.Thread(target=meet_until, args=(threading.Event(),), name="meeting", daemon=True).start()


def meet_until(stop: threading.Event) -> None:
    last, has_failed = 0, False
    while not stop.is_set():
        try:
            last, has_failed = meet(last), False
        except Error:
            if not has_failed:
                log.warning("the newest sessions could not be read; it is tried again every few seconds", exc_info=True)
            has_failed = True
        finally:
            connection.close()
        stop.wait(EVERY)


def meet(last: int) -> int:
    """Remember whose the sessions after number `last` are, and return the number of the newest."""
    from allauth.usersessions.models import UserSession  # it needs the apps, which are loaded after the server

    newest = UserSession.objects.filter(pk__gt=last).order_by("-pk").values_list("pk", "session_key", "user_id")[:MOST]
    for number, key, person in reversed(newest):
        if person_known_by(key) is None:
            remember_credential(key, person)
        last = number
    return last
