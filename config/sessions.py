"""Sessions in the database, read with a prepared query, because every request of a signed-in person reads one."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from accounts.selectors import person_with_session
from foundation import clock
from foundation.acquaintances import forget_credential, person_known_by, remember_credential
from foundation.fast.prepared import PreparedQuery


def alive(session_key: str, now: datetime) -> QuerySet[Session]:
    """Return the session with this key if it has not expired."""
    return Session.objects.filter(session_key=session_key, expire_date__gt=now)


ALIVE = PreparedQuery(
    lambda session_key, now: alive(session_key, now).values_list("session_data"), session_key=str, now=datetime
)


# A session names the class that let its person in. Moving the class must sign nobody out.
MOVED_BACKENDS = {"course.accounts.AccountBackend": "accounts.adapters.AccountBackend"}


class SessionStore(db.SessionStore):
    """Django's store. The class keeps that name, because it is part of the signature of every stored session.

    A session that this process has seen before is read together with its person's row.
    """

    _person: AbstractBaseUser | None = None

    def take_person(self) -> AbstractBaseUser | None:
        """Return the person whose id the session holds, if they were read with it. Nobody gets the same row twice."""
        user_id = self.get(SESSION_KEY)
        person, self._person = self._person, None
        return person if person is not None and str(person.pk) == user_id else None

    def load(self) -> dict[str, object]:
        content: dict[str, object] = super().load()
        backend = str(content.get(BACKEND_SESSION_KEY))
        if backend in MOVED_BACKENDS:
            content[BACKEND_SESSION_KEY] = MOVED_BACKENDS[backend]
        self._remember(content)
        return content

    def save(self, must_create: bool = False) -> None:
        super().save(must_create=must_create)
        self._remember(self._get_session(no_load=must_create))

    def _remember(self, content: Mapping[str, object]) -> None:
        user_id = str(content.get(SESSION_KEY))
        if self.session_key and user_id.isdecimal():
            remember_credential(self.session_key, int(user_id))

    def _get_session_from_db(self) -> Session | None:
        now, user_id = clock.now(), person_known_by(self.session_key)
        known = None if user_id is None else person_with_session(user_id, self.session_key, now)
        if known is None:
            held = next((row[0] for row in ALIVE(session_key=self.session_key, now=now)), None)
        else:
            self._person, held = known
        if held is not None:
            return Session(self.session_key, held)
        forget_credential(self.session_key)
        self._session_key = None
        return None
