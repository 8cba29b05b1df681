"""Sessions in the database, read with a prepared query, because every request of a signed-in person reads one."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from foundation.prepared import PreparedQuery

ALIVE = PreparedQuery(
    lambda session_key, now: Session.objects.filter(session_key=session_key, expire_date__gt=now).values_list(
        "session_key", "session_data", "expire_date"
    ),
    session_key=str,
    now=datetime,
)


class SessionStore(db.SessionStore):
    """Django's store. The class keeps that name, because it is part of the signature of every stored session."""

    def _get_session_from_db(self) -> Session | None:
        rows = ALIVE(session_key=self.session_key, now=timezone.now())
        if rows:
            return Session(*rows[0])
        self._session_key = None
        return None
